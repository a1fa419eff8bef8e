import type { Notification } from "../notification.ts"
import type { Condition } from "./condition.ts"

/** Which of an educator's notifications to list. Every part narrows. */
export type Query = {
  educator: number
  /** Only ids below this one: the last id of the page before. */
  before?: number
  /** How many at most. */
  limit: number
  type?: string
  student?: number
  unread?: boolean
  /** On declared fields of the data only; all must hold. */
  conditions?: readonly Condition[]
}

/** Some notifications by id, or all that the educator has. */
export type Selection = { ids: readonly number[] } | { all: true }

/** A mark of `all` names no more ids than this: 1000. */
export const MOST_MARKED_IDS = 1000

/**
 * What was marked: ids that were unread before and are the educator's, newest first, and how many are unread now. Of a mark
 * of `all` only the newest `MOST_MARKED_IDS` are named: whoever is told of it takes everything up to the first of them as read.
 */
export type Marked = { ids: number[]; readAt: string; unread: number }

/**
 * What an educator does with history: list it, count it, mark it read.
 *
 * - A reader MUST see, of another educator's notifications, nothing: not in a list, a count or a mark.
 * - A list MUST NOT be older than what this process has been told: it is what a client falls back on.
 * - `unread` is exact at any size.
 * - When the storage does not answer, methods reject with the problem `unavailable`.
 */
export interface Inbox {
  /** Newest first. */
  list(query: Query): Promise<Notification[]>
  unread(educator: number): Promise<number>
  /** Idempotent: what was read before keeps its time. Ids that are unknown or another's are passed over. */
  markRead(educator: number, selection: Selection, readAt: string): Promise<Marked>
}
