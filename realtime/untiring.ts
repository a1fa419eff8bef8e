import { type Clock, sleep } from "../src/clock.ts"

/** What failed is tried again after 1 s, then 2 s and so on up to 10 s: thousands of sockets must not storm a database that restarts. */
const PAUSE = { first: 1_000, most: 10_000 }

type Work = {
  clock: Clock
  /** Whether there is anything to do. */
  due(): boolean
  step(): Promise<void>
  failed(error: unknown): void
}

/** Answers a function to be called when something has become due: it sees to it that steps follow one another, never two at once. */
export function untiring({ clock, due, step, failed }: Work): () => void {
  let busy = false

  async function work() {
    busy = true
    for (let pause = PAUSE.first; due(); ) {
      try {
        await step()
        pause = PAUSE.first
      } catch (error) {
        failed(error)
        await sleep(clock, pause)
        pause = Math.min(2 * pause, PAUSE.most)
      }
    }
    busy = false
  }

  return () => {
    if (!busy) work()
  }
}
