import { z } from "zod"
import { problems } from "../src/problem.ts"
import { EVENTS, NAMESPACE } from "../src/wire.ts"
import { readOutcome, readSelection, refreshNotice, unreadCount, wireNotification } from "../src/wire-schemas.ts"
import { withoutDatePattern } from "./api-schemas.ts"

const cursor = z
  .string()
  .meta({ description: "How far this socket is; the stock client returns the last one by itself when it reconnects" })
const failure = z.object({ code: z.enum(Object.keys(problems)), detail: z.string() })

/** AsyncAPI 3.0 of the namespace that educators' browsers connect to. A payload is the list of the event's arguments. */
export function asyncapiDocument({ version }: { version: string }) {
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Allim",
      version,
      license: { name: "MIT" },
      description:
        "Any unmodified socket.io client 4.x (Engine.IO 4, Socket.IO protocol 5), over websocket or polling. The handshake carries " +
        '`auth: { token }`, and the language as `query: { "content-language": "ko" }`. An educator is only ever told their own.',
    },
    servers: {
      here: {
        host: "{host}",
        pathname: "/socket.io/",
        protocol: "socket.io",
        variables: { host: { default: "localhost:3000" } },
        security: [{ $ref: "#/components/securitySchemes/educatorToken" }],
      },
    },
    channels: { educator: { address: NAMESPACE, messages } },
    operations: {
      notify: sent("notification"),
      count: sent("count"),
      tellRead: sent("read"),
      refresh: sent("refresh"),
      refuse: sent("refused"),
      markRead: {
        action: "receive",
        channel: { $ref: "#/channels/educator" },
        messages: [refTo("markRead")],
        reply: { channel: { $ref: "#/channels/educator" }, messages: [refTo("marked")] },
      },
    },
    components: {
      securitySchemes: {
        educatorToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "As `auth.token`, or as a header",
        },
      },
    },
  }
}

const messages = {
  notification: message(
    EVENTS.notification,
    "A new notification, or one that was missed",
    z.tuple([wireNotification, cursor]),
  ),
  count: message(
    EVENTS.count,
    "Right after connecting, and whenever the count changes. At a page's first one fetch the list: whatever is recorded later is delivered",
    z.tuple([unreadCount, cursor]),
  ),
  read: message(EVENTS.read, "Another tab of the educator marked some as read", z.tuple([readOutcome])),
  refresh: message(
    EVENTS.refresh,
    "More was missed than is replayed, or something was taken back: fetch the list again",
    z.tuple([refreshNotice]),
  ),
  refused: message(
    "connect_error",
    "The connection is refused; `data.code` says why",
    z.tuple([z.object({ message: z.string(), data: failure })]),
  ),
  markRead: message(EVENTS.read, "The educator opened some, or all", z.tuple([readSelection])),
  marked: message(
    "acknowledgement",
    "What was marked, or why nothing was",
    z.tuple([z.union([readOutcome, z.object({ error: failure })])]),
  ),
}
type MessageName = keyof typeof messages

function message(name: string, summary: string, payload: z.ZodType) {
  return {
    name,
    summary,
    payload: z.toJSONSchema(payload, { target: "draft-7", io: "input", override: withoutDatePattern }),
  }
}

function refTo(name: MessageName) {
  return { $ref: `#/channels/educator/messages/${name}` }
}

function sent(name: MessageName) {
  return { action: "send", channel: { $ref: "#/channels/educator" }, messages: [refTo(name)] }
}
