import { type Clock, monotonic } from "./clock.ts"

/**
 * The same check, made once in so many milliseconds at most: whoever asks meanwhile is answered what came of the last one, or waits for it
 * with the others. That time counts from its end, or from its beginning if it never ends.
 */
export function remembered(
  check: () => Promise<void>,
  milliseconds: number,
  clock: Clock = monotonic,
): () => Promise<void> {
  let last: { outcome: Promise<void>; until: number } | undefined
  return () => {
    if (last && clock.now() < last.until) return last.outcome
    const made = { outcome: check(), until: clock.now() + milliseconds }
    const ended = () => {
      made.until = clock.now() + milliseconds
    }
    made.outcome.then(ended, ended)
    last = made
    return made.outcome
  }
}
