import type { JsonObject } from "./json.ts"

/**
 * What a student did, as an LMS told it. `source` and `id` together identify it: the same pair again is the same event.
 */
export type Event = {
  /** Who sent it, see `sourceOf`; the LMS's name is as configured, never taken from the request's body. */
  source: string
  /** The LMS's own id of the event, 1 to 255 characters. */
  id: string
  type: string
  /** When it happened: ISO 8601, UTC, milliseconds. */
  occurredAt: string
  /** The student's user index. */
  student: number
  /** The educators it is meant for; left out, whoever the directory finds concerned. */
  educators?: readonly number[]
  data: JsonObject
}

/**
 * The source of an LMS's native events is its name; that of its CloudEvents, which name a source of their own, is the JSON text of both.
 * A name holds no bracket, so no two are alike.
 */
export function sourceOf(lms: string, own?: string): string {
  return own === undefined ? lms : JSON.stringify([lms, own])
}
