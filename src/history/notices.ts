import type { Event } from "../event.ts"

/** What identifies an event: its source, and its id there. */
export type EventKey = { source: string; eventId: string }

export const keyOf = ({ source, id }: Pick<Event, "source" | "id">): EventKey => ({ source, eventId: id })

/** That an event was taken back; `educators` had been told of it, as far as whoever posts this could see, or others of its notices name them. */
export type Notice = EventKey & { kind: "withdrawn"; educators: readonly number[] }
export type Posted = Notice & { position: number }

/** The most notices of the last day that are remembered: 10,000. */
export const MOST_NOTICES = 10_000

/**
 * What must outlive a message: small records, durable as history is, and kept a day longer than what they are about.
 *
 * - A notice MUST be durable, on a majority where there are several, when `post` answers; its position is given by the database, in the same
 *   order as those of history.
 * - Whoever reads notices after a `History.since` MUST see every notice up to the mark that this has answered.
 * - All methods reject with the problem `unavailable` when the storage does not answer.
 */
export interface Notices {
  post(notice: Notice): Promise<Posted>
  /**
   * The notices above this position, oldest first; left out, the newest `MOST_NOTICES` of the last day. `mark`: there is none up to it that
   * this read, or one before, has not shown.
   */
  since(after?: number): Promise<{ notices: Posted[]; mark: number }>
  /** Which of these events were withdrawn. */
  withdrawn(keys: readonly EventKey[]): Promise<EventKey[]>
  /** Whether one above this position names this educator. */
  concern(educator: number, after: number): Promise<boolean>
}
