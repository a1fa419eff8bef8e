/** Notifications that come within this time, in milliseconds, are announced together: a screen reader is not to be flooded. */
const GATHER_MS = 700

/** Says `text(count, latest)` once for each gathering. */
export function announcer<T>(say: (count: number, latest: T) => void): (item: T) => void {
  let count = 0
  let latest: T
  return (item) => {
    latest = item
    count += 1
    if (count > 1) return
    setTimeout(() => {
      say(count, latest)
      count = 0
    }, GATHER_MS)
  }
}
