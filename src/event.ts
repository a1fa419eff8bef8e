import type { JsonObject } from "./json.ts"

/**
 * What a student did, as an LMS told it. `source` and `id` together identify it: the same pair again is the same event.
 */
export type Event = {
  /** The name of the LMS that sent it, as configured; never taken from the request's body. */
  source: string
  /** The LMS's own id of the event, 1 to 255 characters; of a CloudEvent its `source`, a space and its `id`, up to 511. */
  id: string
  type: string
  /** When it happened: ISO 8601, UTC, milliseconds. */
  occurredAt: string
  /** The student's user index. */
  student: number
  /** The educators it is meant for; left out, everyone who teaches the student. */
  educators?: readonly number[]
  data: JsonObject
}
