import { Hono, type MiddlewareHandler } from "hono"
import { type Event, sourceOf } from "../src/event.ts"
import type { Issue } from "../src/issues.ts"
import type { Json, JsonObject } from "../src/json.ts"
import type { Notified, Notify } from "../src/notify.ts"
import { parseJson } from "../src/parse-json.ts"
import { Problem } from "../src/problem.ts"
import type { Rehearse, Rehearsed } from "../src/rehearse.ts"
import { inTurns } from "../src/turns.ts"
import type { EventResult } from "../src/wire-schemas.ts"
import { limitBody } from "./body.ts"
import { readBinary, readCloudEvent } from "./cloud-events.ts"
import type { Form, ReadEvent, Reading } from "./event-form.ts"
import { jsonOf, rejected, summary, told } from "./event-results.ts"
import { mediaTypeOf } from "./json-body.ts"
import { readNative } from "./native-event.ts"
import { readDry } from "./query.ts"
import type { RequestEnv } from "./request-log.ts"
import { type Authenticate, sourceAuth } from "./source-auth.ts"
import type { Admit } from "./source-rate.ts"

/** What a request may hold: bytes of its body, events, and bytes of each event's data as JSON. CloudEvents asks for 64 KB at least. */
export const eventLimits = { body: 1024 * 1024, batch: 500, data: 64 * 1024 }

/** What is wrong with the data of an event of this type, pointed at from `at`; nothing for a type that has no schema. */
type CheckData = (type: string, data: JsonObject, at: string) => readonly Issue[]

type Needs = {
  notify: Notify
  rehearse: Rehearse
  authenticate: Authenticate
  admit: Admit
  checkData: CheckData
  /** Told of what became of a request's events. */
  count?(outcomes: { accepted: number; duplicates: number; rejected: number; withdrawn?: number }): void
  limits?: typeof eventLimits
}

/** The way in for learning-management systems. */
export function eventRoutes({ notify, rehearse, authenticate, admit, checkData, count, limits = eventLimits }: Needs) {
  return new Hono<RequestEnv>().post(
    "/events",
    limitBody(limits.body),
    eventForm,
    sourceAuth(authenticate, admit),
    async (c) => {
      const dry = readDry(c.req.url)
      const readings = await readAll(parseJson(await c.var.body.read()), c.var.form, checkData, limits)
      const results = await judge(readings, c.var.source, dry ? rehearse : notify)
      const answer = summary(results)
      if (!dry) count?.(answer)
      if (answer.rejected === results.length)
        throw new Problem("nothing_accepted", results[0]?.detail, { more: answer })
      return c.body(await jsonOf(answer), dry ? 200 : 202, { "Content-Type": "application/json" })
    },
  )
}

const eventForm: MiddlewareHandler<{ Variables: { form: Form } }> = (c, next) => {
  c.set("form", formOf(c.req.raw.headers))
  return next()
}

function formOf(headers: Headers): Form {
  const type = mediaTypeOf(headers)
  if (/^application\/cloudevents(-batch)?\+json$/.test(type)) return { read: readCloudEvent }
  const binary = [...headers.keys()].some((name) => name.startsWith("ce-"))
  if (binary && /^(application|text)\/(.+\+)?json$/.test(type))
    return { read: (data, at) => readBinary(headers, data, at), whole: true }
  if (!binary && type === "application/json") return { read: readNative }
  throw new Problem(
    "media_type_unsupported",
    "Send application/json, application/cloudevents+json or application/cloudevents-batch+json.",
  )
}

/** An array is a batch in every form but the binary one. */
async function readAll(posted: Json, form: Form, checkData: CheckData, limits: typeof eventLimits): Promise<Reading[]> {
  if (!Array.isArray(posted) || form.whole)
    return [checkContent(form.read(posted, "#"), "#/data", checkData, limits.data)]
  if (posted.length === 0) throw new Problem("batch_empty")
  if (posted.length > limits.batch)
    throw new Problem("batch_too_large", `A request may hold ${limits.batch} events; this one holds ${posted.length}.`)
  return inTurns(posted, (item, index) =>
    checkContent(form.read(item, `#/${index}`), `#/${index}/data`, checkData, limits.data),
  )
}

/** Looks at what the form's own schema does not know: the size of the data, and the schema of its type. */
function checkContent(reading: Reading, at: string, checkData: CheckData, bytes: number): Reading {
  if ("issues" in reading) return reading
  const { type, data } = reading.event
  const tooLarge = Buffer.byteLength(JSON.stringify(data)) > bytes
  const issues = tooLarge ? [{ pointer: at, detail: `At most ${bytes} bytes as JSON` }] : checkData(type, data, at)
  return issues.length > 0 ? { id: reading.id, issues } : reading
}

/** Has the acceptable ones told, or rehearsed; answers a result for each, in order. */
async function judge(readings: readonly Reading[], lms: string, act: Notify | Rehearse): Promise<EventResult[]> {
  const events = readings.flatMap((reading) => ("event" in reading ? [sentBy(lms, reading.event)] : []))
  const outcomes = (events.length > 0 ? await act(events) : []).values()
  return readings.map((reading) =>
    "event" in reading
      ? told(reading.id, outcomes.next().value as Notified | Rehearsed)
      : rejected(reading.id, reading.issues),
  )
}

function sentBy(lms: string, { own, ...event }: ReadEvent): Event {
  return { ...event, source: sourceOf(lms, own) }
}
