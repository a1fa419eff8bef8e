import { setImmediate as nextTurn } from "node:timers/promises"
import { fitting, type Load, PORTION } from "./portions.ts"
import { Problem } from "./problem.ts"

/** Does something for each item, and answers for each, in order. */
type Act<Item, Answer> = (items: readonly Item[]) => Promise<Answer[]>

/** A call that waits for its turn. */
type Call<Item, Answer> = Load & {
  items: readonly Item[]
  resolve(answers: Answer[]): void
  reject(error: unknown): void
}

type Limits<Item> = {
  /** What one item weighs, at least 1; as much when left out. */
  weigh?(item: Item): number
  /** What one group has at most, unless a single call has more. */
  most?: Load
  /** The weight that may wait, unless a single call has more; calls beyond are told to come back. */
  waiting?: number
}

/**
 * Group commit, for whatever is done for many at the price of one: calls that arrive in one turn of the event loop, or while a group is under
 * way, are done together next. No timer delays a lone call. Each caller gets the answers of its own items.
 */
export function inGroups<Item, Answer>(
  act: Act<Item, Answer>,
  { weigh = () => 1, most = PORTION, waiting = 10_000 }: Limits<Item> = {},
): Act<Item, Answer> {
  const queue: Call<Item, Answer>[] = []
  let queued = 0
  let busy = false

  async function work() {
    busy = true
    while (queue.length > 0) {
      await nextTurn()
      const group = queue.splice(0, fitting(queue, most))
      queued -= weightOf(group)
      await settle(act, group)
    }
    busy = false
  }

  return (items) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer[]>()
    const weight = items.reduce((sum, item) => sum + weigh(item), 0)
    if (queued > 0 && queued + weight > waiting)
      reject(new Problem("unavailable", "Too many events wait; send them again.", { retryAfter: 1 }))
    else {
      queue.push({ items, count: items.length, weight, resolve, reject })
      queued += weight
      if (!busy) work()
    }
    return promise
  }
}

const weightOf = (calls: readonly Load[]) => calls.reduce((sum, { weight }) => sum + weight, 0)

/** Settles every call of a group. */
async function settle<Item, Answer>(act: Act<Item, Answer>, group: readonly Call<Item, Answer>[]): Promise<void> {
  try {
    const answers = await act(group.flatMap(({ items }) => items))
    for (const { items, resolve } of group) resolve(answers.splice(0, items.length))
  } catch (error) {
    // Whoever answers for each rejects only when nobody knows for whom.
    for (const { reject } of group) reject(error)
  }
}
