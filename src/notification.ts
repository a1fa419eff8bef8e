import type { JsonObject } from "./json.ts"
import type { Reason } from "./recipient.ts"

/** One event as one educator is told of it: what history keeps and the bus carries. Names and texts are added when it is presented. */
export type Notification = {
  /** Sortable by time, unique, below 2^53: see `src/id.ts`. */
  id: number
  /** Its place in the order in which history is caught up with, below 2^53; given by the database, and comparable within one store only. */
  position: number
  /** The educator's user index. */
  educator: number
  /** The student's user index. */
  student: number
  source: string
  eventId: string
  type: string
  /** ISO 8601, UTC, milliseconds. */
  occurredAt: string
  /** Why this educator is told; null of what was recorded before reasons were kept. */
  reason: Reason | null
  /** When the educator opened it, ISO 8601 UTC; null until then. */
  readAt: string | null
  data: JsonObject
}
