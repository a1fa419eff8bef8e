import type { Event } from "../event.ts"
import type { Notification } from "../notification.ts"
import type { Condition } from "./condition.ts"

/** An event and the educators who are to be told, each once. */
export type Draft = { event: Event; recipients: readonly number[] }

/** What became of a draft: its new notifications, one for each recipient; `duplicate` when the event had been recorded before. */
export type Recorded = { duplicate: boolean; notifications: Notification[] }

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
 * Keeps every educator's notifications: the truth that delivery catches up from.
 *
 * - `record` MUST have made its drafts durable when it resolves, and MUST record all of them or reject and leave a state in which
 *   the same call completes them. It answers one outcome for each draft, in order.
 * - An event (`source`, `id`) that has been recorded is a duplicate ever after, also within one call and between racing calls, and adds
 *   nothing. One that had reached nobody is recorded anew once it has recipients, so that an LMS may mend its directory and send again.
 * - Ids MUST be unique and grow with the time of recording.
 * - A reader MUST see, of another educator's notifications, nothing: not in a list, a count or a mark.
 * - `unread` is exact at any size.
 * - When the storage does not answer, methods reject with the problem `unavailable`.
 */
export interface History {
  record(drafts: readonly Draft[]): Promise<Recorded[]>
  /** Newest first. */
  list(query: Query): Promise<Notification[]>
  /** The educator's notifications with ids above `after`, oldest first, `limit` at most. */
  since(educator: number, after: number, limit: number): Promise<Notification[]>
  unread(educator: number): Promise<number>
  /** Idempotent: what was read before keeps its time. Ids that are unknown or another's are passed over. */
  markRead(educator: number, selection: Selection, readAt: string): Promise<Marked>
  /** Forgets notifications and events with ids below `before`, in steps that let others write between; answers how many notifications. */
  prune(before: number): Promise<number>
  /** Rejects with `unavailable` when the storage would not take a record now. */
  ping(): Promise<void>
  /** Safe to call twice. */
  close(): Promise<void>
}
