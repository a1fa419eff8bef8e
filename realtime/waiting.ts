import type { Item } from "./giving.ts"

/** More than this does not wait for a socket. */
const AT_MOST = 1_000

/** What waits for a socket, oldest first. */
export function waitingItems() {
  let items: Item[] = []

  return {
    /** False when too much would wait: then nothing does, and it has to be read again. */
    add(item: Item): boolean {
      if (items.length < AT_MOST) return items.push(item) > 0
      items = []
      return false
    },
    take: () => items.splice(0),
    /** What was counted before a count that is about to be taken. */
    forgetCounts() {
      items = items.filter(({ kind }) => kind !== "count")
    },
    get some() {
      return items.length > 0
    },
  }
}
