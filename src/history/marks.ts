import type { Clock } from "../clock.ts"

/**
 * From the moment a replica set's primary gives a write its position until no majority can still come to hold it: 15 s, which is 5 s that
 * a write may take (`maxTimeMS`) and a pause shorter than an election (10 s). Positions are given in one order and become visible in
 * another; what is this old has settled.
 */
export const SETTLE = 15_000

const PER_SECOND = 2 ** 21

/** How far apart what was known is remembered, in milliseconds. */
const GRAIN = 100

/** A database's timestamp, of seconds and an increment within them, as a number that sorts as it does. */
export function positionAt(seconds: number, increment = 0): number {
  return seconds * PER_SECOND + Math.min(increment, PER_SECOND - 1)
}

/** What one process knows of a replica set's history, and how much of it can be relied on. */
export type Marks = {
  /** The greatest position that any answer to a majority read, or any message, has told of. */
  readonly known: number
  learn(position: number): void
  /**
   * How far a causal majority read that starts now will be complete: to be taken before it. `SETTLE` behind what is known, and no further
   * than what was known `SETTLE` ago by this process's own measure, because a primary's clock may leap ahead of its writes.
   */
  mark(): number
}

export function marksOf(clock: Pick<Clock, "now">, settle = SETTLE): Marks {
  const distance = positionAt(settle / 1000)
  let known = 0
  /** What was known when, oldest first; the first is the latest that is `settle` old, or older than everything known. */
  let past: { at: number; known: number }[] = []

  return {
    get known() {
      return known
    },

    learn(position) {
      if (position <= known) return
      const at = clock.now()
      if (known === 0) past.push({ at: Number.NEGATIVE_INFINITY, known: position - distance })
      known = position
      if (at - (past.at(-1)?.at ?? 0) >= GRAIN) past.push({ at, known })
    },

    mark() {
      const settled = past.findLastIndex(({ at }) => at <= clock.now() - settle)
      past = past.slice(Math.max(0, settled))
      return Math.max(0, Math.min(known - distance, past[0]?.known ?? 0))
    },
  }
}
