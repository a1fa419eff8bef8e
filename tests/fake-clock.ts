import type { Clock } from "../src/clock.ts"

/** A clock that stands still until it is moved; what falls due then is run in order. */
export function fakeClock() {
  let time = 0
  const timers = new Set<{ at: number; run: () => void }>()

  /** Runs what falls due next, if that is not after `end`. */
  function runNext(end: number): boolean {
    const [next] = [...timers].sort((a, b) => a.at - b.at)
    if (!next || next.at > end) return false
    timers.delete(next)
    time = Math.max(time, next.at)
    next.run()
    return true
  }

  /** Lets everything happen that needs no time. */
  async function settle() {
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
  }

  return {
    now: () => time,
    after(milliseconds: number, run: () => void) {
      const timer = { at: time + milliseconds, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    /** How many wait for their time. */
    waiting: () => timers.size,
    settle,
    /** Moves it at once. */
    advance(milliseconds: number) {
      const end = time + milliseconds
      while (runNext(end));
      time = end
    },
    /** Moves it step by step, and lets what each step brings about happen before the next. */
    async pass(milliseconds: number) {
      const end = time + milliseconds
      do await settle()
      while (runNext(end))
      time = end
    },
  } satisfies Clock & Record<string, unknown>
}
