import type { Event } from "../event.ts"
import type { Notification } from "../notification.ts"
import type { Recipient } from "../recipient.ts"

/** An event and the educators who are to be told, each once. */
export type Draft = { event: Event; recipients: readonly Recipient[] }

/**
 * What became of a draft.
 * - `recorded`: durable. `added` recipients did not have it before; `notifications` are theirs, to be published, or none when their
 *   positions could not be read: the tail will find them. With no recipients, `added` is 0 and nothing was recorded.
 * - `duplicate`: every recipient had it.
 * - `failed`: this draft cannot be recorded, now or later; others are not affected.
 * - `unknown`: it may or may not have been recorded; the same draft sent again completes it. `error` is the problem `unavailable`.
 */
export type Outcome =
  | { status: "recorded"; added: number; notifications: readonly Notification[] }
  | { status: "duplicate" }
  | { status: "failed"; error: unknown }
  | { status: "unknown"; error: unknown }

/** That a notification is there, without its content. */
export type Entry = { educator: number; id: number; position: number }

export type SinceQuery = {
  educators: readonly number[]
  /** Positions above this one; left out, above the mark of this very read. */
  after?: number
  /** How many entries at most. */
  limit: number
}

/**
 * What one read of history saw, all of one moment.
 *
 * - `entries`: oldest position first.
 * - `more`: there were more than `limit`, and `entries` are the oldest of them.
 * - `mark`: everything of these educators up to this position, whatever is still being written anywhere, is visible to this read. With
 *   `more` it says nothing of what was cut off.
 * - `known`: whoever reads with this much known sees everything that this read saw.
 */
export type Since = { entries: Entry[]; more: boolean; mark: number; known: number }

/**
 * Keeps every educator's notifications: the truth that delivery catches up from.
 *
 * - `record` MUST have made a draft durable, on a majority where there are several, when it answers `recorded` or `duplicate`. It answers
 *   for each draft, in order, and rejects for none of them.
 * - It is idempotent for each recipient: source, event id and educator identify a notification, also within one call and between racing
 *   calls. An event sent again adds whoever was missing.
 * - Ids MUST be unique. A position is given by the database when it is written, never by a process's clock; a mark MUST NOT pass a
 *   position that can still become visible. Of one driver's answers neither `mark` nor `known` ever falls, deletes or not.
 * - `since` and `read` MUST see everything that any process saw whose `known` was given to `learn`, and all that this one recorded.
 * - A reader MUST see nothing of other educators' than it asked for.
 * - `since` and `read` reject with the problem `unavailable` when the storage does not answer.
 */
export interface History {
  /** The name of this storage and no other, letters and digits, made with it and kept in it: positions of two stores cannot be compared. */
  readonly store: string
  /**
   * How far, in positions, a read may be behind what another process has seen. 0 where every read sees every commit and its mark is the
   * newest position there is, as in a file; in a replica set neither is so.
   */
  readonly lag: number
  /** The greatest `known` so far. */
  readonly known: number
  /** Takes over what another process knew when it published. MUST NOT be given what a client says: no client can be trusted with it. */
  learn(known: number): void
  record(drafts: readonly Draft[]): Promise<Outcome[]>
  since(query: SinceQuery): Promise<Since>
  /** The notifications of these ids that are still there, in order of position. */
  read(ids: readonly number[]): Promise<Notification[]>
}
