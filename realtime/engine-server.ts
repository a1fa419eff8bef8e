import type { WebSocketData } from "@socket.io/bun-engine"
import { generateId } from "@socket.io/bun-engine/dist/util.js"
import { BaseServer } from "./engine-inside.ts"
import { LongPolling } from "./engine-polling.ts"
import { Session } from "./engine-session.ts"
import { PacedWebSocket } from "./engine-websocket.ts"

/** The longest address of a handshake, in characters: a session keeps it. */
const LONGEST_URL = 2_048

/** What a session keeps of its handshake's headers, in characters: beyond the first so many, and of cookies, nothing. */
const HEADERS_KEPT = 4_096

/** How long a client that is answered with 503 is to wait, in seconds. */
const RETRY_AFTER = 10

/** Why a request is refused: the codes and words of every Engine.IO server. */
const refusals = {
  unknownTransport: [0, "Transport unknown"],
  unknownSession: [1, "Session ID unknown"],
  badHandshakeMethod: [2, "Bad handshake method"],
  badRequest: [3, "Bad request"],
  forbidden: [4, "Forbidden"],
  unsupportedVersion: [5, "Unsupported protocol version"],
} as const

type Refusal = keyof typeof refusals

export function refuse(why: Refusal, headers: Headers): Response {
  const [code, message] = refusals[why]
  headers.set("content-type", "application/json")
  return new Response(JSON.stringify({ code, message }), { status: why === "forbidden" ? 403 : 400, headers })
}

/**
 * The engine's server with its way in written anew: it checked less than the protocol asks, and awaited between a check and what
 * relies on it, while a session may end and a client leave.
 */
export class EngineServer extends BaseServer {
  /** `headers` go with the answer, which is nothing once the connection has become a websocket. */
  override handleRequest(request: Request, server: Bun.Server<WebSocketData>, headers = new Headers()) {
    const url = new URL(request.url, "http://localhost") // only a path when the request names no host
    const session = this.clients.get(url.searchParams.get("sid") ?? "")
    const why = reasonToRefuse(request, url.searchParams, session)
    if (why) return refuse(why, headers)
    if (!session) return this.opts.admit() ? this.handshake(request, server, url, headers) : overloaded(headers)
    if (session.transport instanceof LongPolling && !wantsWebSocket(request))
      return session.transport.onRequest(request, headers)

    const transport = new PacedWebSocket(this.opts)
    if (!server.upgrade(request, { headers, data: { transport } })) return refuse("badRequest", headers)
    session._maybeUpgrade(transport)
  }

  /** Adds what the engine leaves out of a session's request: the peer's address, and whether it came over TLS. */
  override handshake(request: Request, server: Bun.Server<WebSocketData>, url: URL, headers: Headers) {
    const address = server.requestIP(request)?.address // not known any more after an upgrade
    const transport = wantsWebSocket(request) ? new PacedWebSocket(this.opts) : new LongPolling(this.opts)
    if (transport instanceof PacedWebSocket && !server.upgrade(request, { headers, data: { transport } }))
      return refuse("badRequest", headers)

    const reference = {
      url: url.pathname + url.search,
      headers: keptHeaders(request.headers),
      _query: Object.fromEntries(url.searchParams),
      connection: { encrypted: url.protocol === "https:" },
    }
    const session = new Session(generateId(), this.opts, transport, reference, address)
    this.clients.set(session.id, session)
    session.once("close", () => this.clients.delete(session.id))
    const answer = transport instanceof LongPolling ? transport.onRequest(request, headers) : undefined
    this.emitReserved("connection", session, request)
    return answer
  }

  /** Sessions that wait for a poll end too: nobody will answer it. */
  override close() {
    for (const session of this.clients.values()) session.close(true)
  }
}

function overloaded(headers: Headers): Response {
  headers.set("retry-after", String(RETRY_AFTER))
  return new Response(null, { status: 503, headers })
}

function reasonToRefuse(
  request: Request,
  query: URLSearchParams,
  session: { transport: object } | undefined,
): Refusal | undefined {
  const transport = query.get("transport")
  if (transport !== "polling" && transport !== "websocket") return "unknownTransport"
  if (query.get("sid") && !session) return "unknownSession"
  if (!session && request.method !== "GET") return "badHandshakeMethod"
  if (!session && request.url.length > LONGEST_URL) return "badRequest"
  if (query.get("EIO") !== "4") return session ? "badRequest" : "unsupportedVersion"
  if (wantsWebSocket(request) !== (transport === "websocket")) return "badRequest"
  if (session && !(session.transport instanceof LongPolling) && transport !== "websocket") return "badRequest"
  if (request.method !== "GET" && request.method !== "POST") return "badRequest"
}

/** An access token and a language are in it; thousands of sessions that never connect should hold no more. */
function keptHeaders(headers: Headers): Record<string, string> {
  let size = 0
  const kept = [...headers].filter(([name, value]) => {
    size += name === "cookie" ? 0 : value.length
    return name !== "cookie" && (size <= HEADERS_KEPT || name === "authorization" || name === "accept-language")
  })
  return Object.fromEntries(kept)
}

function wantsWebSocket(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket"
}
