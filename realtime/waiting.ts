import type { Notification } from "../src/notification.ts"
import type { Item } from "./giving.ts"

/** More than so many, or so many bytes of data, do not wait for a socket. */
const AT_MOST = 1_000
const BYTES_AT_MOST = 1_048_576

/** What waits for a socket, oldest first. */
export function waitingItems() {
  let items: Item[] = []
  let bytes = 0

  return {
    /** False when too much would wait: then nothing does, and it has to be read again. */
    add(item: Item): boolean {
      bytes += sizeOf(item)
      const fits = items.length < AT_MOST && (items.length === 0 || bytes <= BYTES_AT_MOST)
      if (fits) items.push(item)
      else this.take()
      return fits
    },
    take(): Item[] {
      bytes = 0
      return items.splice(0)
    },
    /** What was counted before a count that is about to be taken. */
    forgetCounts() {
      items = items.filter(({ kind }) => kind !== "count")
    },
    get some() {
      return items.length > 0
    },
  }
}

/** Measured once for all the sockets that a notification waits for. */
const sizes = new WeakMap<Notification, number>()

function sizeOf(item: Item): number {
  if (item.kind !== "notifications") return 0
  return item.notifications.reduce((sum, notification) => sum + sizeOfData(notification), 0)
}

function sizeOfData(notification: Notification): number {
  const size = sizes.get(notification) ?? JSON.stringify(notification.data).length
  sizes.set(notification, size)
  return size
}
