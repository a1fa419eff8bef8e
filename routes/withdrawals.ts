import { Hono } from "hono"
import { sourceOf } from "../src/event.ts"
import type { EventKey } from "../src/history/notices.ts"
import { Problem } from "../src/problem.ts"
import { limitBody } from "./body.ts"
import { cloudEventSource } from "./cloud-events.ts"
import { eventId } from "./event-form.ts"
import type { RequestEnv } from "./request-log.ts"
import { type Authenticate, bearerOnly, sourceAuth } from "./source-auth.ts"
import type { Admit } from "./source-rate.ts"

const PARAMETERS = ["id", "source"]

type Needs = { withdraw(key: EventKey): Promise<void>; authenticate: Authenticate; admit: Admit }

/** Where an LMS takes back what its event told. */
export function withdrawalRoutes({ withdraw, authenticate, admit }: Needs) {
  return new Hono<RequestEnv>().delete(
    "/events",
    limitBody(0),
    bearerOnly,
    sourceAuth(authenticate, admit),
    async (c) => {
      const { id, source } = readKey(new URL(c.req.url).searchParams)
      await withdraw({ source: sourceOf(c.var.source, source), eventId: id })
      return c.body(null, 204)
    },
  )
}

/** Strict, because a misspelt `source` would withdraw another event. */
function readKey(parameters: URLSearchParams): { id: string; source?: string } {
  const names = [...parameters.keys()]
  const strange = names.find((name, index) => !PARAMETERS.includes(name) || names.indexOf(name) !== index)
  if (strange !== undefined)
    throw new Problem("query_invalid", `Send ?id=.. and, of a CloudEvent, &source=.., each once; not "${strange}".`)
  const id = eventId.safeParse(parameters.get("id"))
  if (!id.success) throw new Problem("query_invalid", "id must be the id of the event as it was sent, percent-encoded.")
  if (!parameters.has("source")) return { id: id.data }
  const source = cloudEventSource.safeParse(parameters.get("source"))
  if (!source.success) throw new Problem("query_invalid", "source must be the CloudEvent's own, percent-encoded.")
  return { id: id.data, source: source.data }
}
