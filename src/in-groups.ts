import { setImmediate as nextTurn } from "node:timers/promises"
import { Problem } from "./problem.ts"

/** Does something for each item, and answers for each, in order. */
type Act<Item, Answer> = (items: readonly Item[]) => Promise<Answer[]>

/** A call that waits for its turn. */
type Call<Item, Answer> = {
  items: readonly Item[]
  resolve(answers: Answer[]): void
  reject(error: unknown): void
}

type Limits = {
  /** Items in one group, unless a single call has more. A sync is shared well by 200; more would hold up others for longer. */
  most?: number
  /** Items that may wait; calls beyond are told to come back. */
  waiting?: number
}

/**
 * Group commit, for whatever is done for many at the price of one: calls that arrive in one turn of the event loop, or while a group is under
 * way, are done together next. No timer delays a lone call. Each caller gets the answers of its own items.
 */
export function inGroups<Item, Answer>(
  act: Act<Item, Answer>,
  { most = 200, waiting = 10_000 }: Limits = {},
): Act<Item, Answer> {
  const queue: Call<Item, Answer>[] = []
  let queued = 0
  let busy = false

  async function work() {
    busy = true
    while (queue.length > 0) {
      await nextTurn()
      await settle(act, takeGroup())
    }
    busy = false
  }

  function takeGroup(): Call<Item, Answer>[] {
    let size = 0
    const beyond = queue.findIndex(({ items }, index) => {
      if (index > 0 && size + items.length > most) return true
      size += items.length
      return false
    })
    queued -= size
    return queue.splice(0, beyond < 0 ? queue.length : beyond)
  }

  return (items) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer[]>()
    if (queued + items.length > waiting)
      reject(new Problem("unavailable", "Too many events wait; send them again.", { retryAfter: 1 }))
    else {
      queue.push({ items, resolve, reject })
      queued += items.length
      if (!busy) work()
    }
    return promise
  }
}

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
