import { type Clock, sleep } from "../src/clock.ts"
import type { Entry } from "../src/history/history.ts"
import type { Inbox } from "../src/history/inbox.ts"
import type { Notification } from "../src/notification.ts"
import type { Report } from "../src/report.ts"
import type { Item } from "./giving.ts"
import type { Seat } from "./seat.ts"
import { untiring } from "./untiring.ts"

/** Counts of one educator are at least so far apart, in milliseconds: 5 in a second. */
const COUNT_EVERY = 200

/** Sockets are told to list at least so far apart, in milliseconds, when much is taken back. */
const REFRESH_EVERY = 1_000

/** A count is taken again after this long, in milliseconds, in case another process has marked some read and could not say so. */
const COUNT_AGAIN = 300_000

/** All of an educator's sockets in this process. */
export type Room = ReturnType<typeof openRoom>

type Needs = { inbox: Pick<Inbox, "unread">; clock: Clock; report: Report }

/** `mark`: how far history was complete for this process when the room was opened; what is older its seats read themselves. */
export function openRoom(educator: number, mark: number, { inbox, clock, report }: Needs) {
  const seats = new Set<Seat>()
  let reached = mark
  let counted = clock.now() - COUNT_EVERY
  let changed = false
  let refreshed = clock.now() - REFRESH_EVERY
  /** Whether its sockets are yet to be told to list. */
  let owed = false

  const push = (item: Item) => {
    for (const seat of seats) seat.push(item)
  }

  /** Once for all seats, after the rows it follows; again when it was not answered. */
  const wake = untiring({
    clock,
    due: () => changed && seats.size > 0,
    async step() {
      await sleep(clock, Math.max(0, counted + COUNT_EVERY - clock.now()))
      changed = false
      counted = clock.now()
      push({ kind: "count", unread: await inbox.unread(educator) })
    },
    failed(error) {
      changed = true
      report("deliver", error)
    },
  })

  function count() {
    changed = true
    wake()
  }

  function refresh() {
    owed = false
    refreshed = clock.now()
    push({ kind: "refresh", reason: "withdrawn" })
  }

  return {
    educator,
    seats,
    count,
    /** How far its seats have been handed everything, or will have read it themselves. */
    get mark() {
      return reached
    },

    /** Something was told by the bus, a hint that makes delivery fast. */
    hear(item: Item) {
      push(item)
      count()
    },

    /** Something was taken back that its seats may show. */
    withdraw() {
      const wait = refreshed + REFRESH_EVERY - clock.now()
      if (wait <= 0) refresh()
      else if (!owed) {
        owed = true
        clock.after(wait, () => owed && refresh())
      }
      count()
    },

    /** Which of its entries some seat has to be handed. */
    lacking(entries: readonly Entry[]): number[] {
      return [...new Set([...seats].flatMap((seat) => seat.lacking(entries).map(({ id }) => id)))]
    },

    /** Hands over what a read of history has found, and its mark behind it. */
    catchUp(notifications: readonly Notification[], mark: number) {
      // No mark passes what was not told.
      if (owed) refresh()
      push({ kind: "notifications", by: "tail", notifications, mark })
      reached = mark
      if (notifications.length > 0 || clock.now() - counted > COUNT_AGAIN) count()
    },

    /** There is too much to hand over: every seat reads for itself. */
    lapse(mark: number) {
      reached = mark
      for (const seat of seats) seat.lapse()
    },
  }
}
