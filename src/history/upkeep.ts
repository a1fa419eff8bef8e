import type { EventKey } from "./notices.ts"

/** A cut that is put off: up to when history was to be forgotten (milliseconds since 1970), and for how many hours it has waited. */
export type WaitingCut = { to: number; hours: number }

/** A notification that bears an event's key: who was told. */
export type Bearer = EventKey & { id: number; educator: number }

/**
 * Keeps history in bounds, and takes out of it what must not be there. When the storage does not answer, methods reject with the problem `unavailable`.
 */
export interface Upkeep {
  /** The moment of the newest record there ever was, in milliseconds since 1970 by the database's own time; 0 before the first. */
  newestAt(): Promise<number>
  /** How far history has been forgotten: the greatest `before` of all calls of `prune`, 0 before the first. */
  prunedTo(): Promise<number>
  /** The cut that waits, as `wait` was last told of it, also by a process that has ended; none after `prune`. */
  waitingCut(): Promise<WaitingCut | undefined>
  wait(cut: WaitingCut): Promise<void>
  /**
   * Forgets what was recorded before this moment (milliseconds since 1970), in steps that let others write between; answers how many
   * notifications. No mark and no known falls by it.
   */
  prune(before: number): Promise<number>
  /** The notifications of these events. MUST see whatever was recorded before it is called, by whomever. */
  bearing(keys: readonly EventKey[]): Promise<Bearer[]>
  /** Takes these out of history for good, also out of counts, in steps that let others write between. No mark and no known falls by it. */
  erase(ids: readonly number[]): Promise<void>
  /** Rejects when the storage would not take a record now. */
  ping(): Promise<void>
  /** Safe to call twice. */
  close(): Promise<void>
}
