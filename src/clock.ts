/** What logic that must not ask the time of day is handed instead: it can measure, and wait. */
export type Clock = {
  /** Milliseconds that only ever grow, from no moment in particular. */
  now(): number
  /** Runs once, so many milliseconds from now; what it answers calls that off. */
  after(milliseconds: number, run: () => void): () => void
}

/** This process's. */
export const monotonic: Clock = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}

export function sleep(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.after(milliseconds, resolve))
}
