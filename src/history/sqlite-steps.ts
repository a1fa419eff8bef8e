import { setImmediate as nextTurn } from "node:timers/promises"

/** Repeats a step until it changes nothing, and lets others have their turn between. Answers how many rows were changed. */
export async function inSteps(step: () => number): Promise<number> {
  let total = 0
  for (let changed = step(); changed > 0; changed = step()) {
    total += changed
    await nextTurn()
  }
  return total
}
