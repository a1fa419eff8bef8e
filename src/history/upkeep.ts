/** A cut that is put off: up to when history was to be forgotten (milliseconds since 1970), and for how many hours it has waited. */
export type WaitingCut = { to: number; hours: number }

/**
 * Keeps history in bounds. When the storage does not answer, methods reject with the problem `unavailable`.
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
  /** Rejects when the storage would not take a record now. */
  ping(): Promise<void>
  /** Safe to call twice. */
  close(): Promise<void>
}
