import { defaultLimits, type Limits } from "../src/limits.ts"
import type { Notification } from "../src/notification.ts"
import type { Item } from "./giving.ts"

/** More than so many do not wait for a socket. */
const AT_MOST = 1_000

/** What is taken at once, in bytes of data, so that the rest goes on being counted while this is given. */
const PORTION = 131_072

export type WaitingItems = ReturnType<typeof waitingItems>

/** What waits for a socket, oldest first. */
export function waitingItems({ waitingBytes }: Pick<Limits, "waitingBytes"> = defaultLimits) {
  let items: Item[] = []
  let bytes = 0

  return {
    /** False when too much would wait: then nothing does, and it has to be read again. */
    add(item: Item): boolean {
      bytes += sizeOf(item)
      const fits = items.length < AT_MOST && (items.length === 0 || bytes <= waitingBytes)
      if (fits) items.push(item)
      else {
        items = []
        bytes = 0
      }
      return fits
    },
    /** The oldest: one of any size, or several up to a portion. */
    take(): Item[] {
      let size = 0
      const beyond = items.findIndex((item, index) => {
        size += sizeOf(item)
        return index > 0 && size > PORTION
      })
      const taken = items.splice(0, beyond < 0 ? items.length : beyond)
      for (const item of taken) bytes -= sizeOf(item)
      return taken
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
