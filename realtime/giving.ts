import type { History } from "../src/history/history.ts"
import type { MarkedRead } from "../src/mark-read.ts"
import type { Notification } from "../src/notification.ts"
import type { RefreshReason } from "../src/wire.ts"
import type { Withdrawals } from "../src/withdrawals.ts"
import { MOST_IDS } from "./cursor.ts"
import type { Connection, Line, Way, Words } from "./line.ts"
import type { Position, PositionReader } from "./position.ts"
import type { Progress } from "./progress.ts"

/** Ids above the watermark at which it is looked how far a socket has everything, where history tells at once: half of what a cursor names. */
const LOOK_AT = MOST_IDS / 2

/** What a room hands its seats: notifications, and the mark that stands behind them; what was read elsewhere; a count; that they list anew. */
export type Item =
  | { kind: "notifications"; by: Way; notifications: readonly Notification[]; mark?: number }
  | { kind: "read"; read: MarkedRead; origin: string | undefined }
  | { kind: "count"; unread: number }
  | { kind: "refresh"; reason: RefreshReason }

type Needs = {
  history: Pick<History, "lag">
  withdrawals: Pick<Withdrawals, "has">
  positions: Pick<PositionReader, "whole">
}

export type Giving = ReturnType<typeof givingTo>

/** Gives one socket what it lacks, in turn, each notification once, and moves its progress along. */
export function givingTo(connection: Connection, line: Line, { history, withdrawals, positions }: Needs) {
  let lookAt = LOOK_AT

  async function tell(had: Progress, notifications: readonly Notification[], words: Words, by: Way) {
    for (const notification of notifications) {
      const wire = words.get(notification)
      if (!wire || !had.lacks(notification) || withdrawals.has(notification)) continue
      line.notification(had, notification, wire, by)
      if (history.lag === 0 && had.given.size >= lookAt) await look(had)
      const taken = connection.taken()
      if (taken) await taken
    }
  }

  /** A burst would make cursors grow, because the mark that shortens them waits behind it. */
  async function look(had: Progress) {
    had.raise(await positions.whole(connection.educator, had))
    lookAt = had.given.size + LOOK_AT
  }

  return {
    /** To a socket that has taken its position. Nothing is sent before all of it could be read and put into words. */
    async position({ progress, missed, mark, refresh }: Position, unread: number) {
      const words = await line.words(missed)
      if (refresh) line.refresh(refresh)
      await tell(progress, missed, words, "replay")
      progress.raise(mark)
      line.count(progress, unread)
    },

    async items(had: Progress, items: readonly Item[]) {
      const notifications = items.flatMap((item) => (item.kind === "notifications" ? item.notifications : []))
      const words = await line.words(notifications.filter(had.lacks))
      for (const item of items) {
        if (item.kind === "read") line.read(item.read, item.origin)
        else if (item.kind === "count") line.count(had, item.unread)
        else if (item.kind === "refresh") line.refresh(item.reason)
        else {
          await tell(had, item.notifications, words, item.by)
          if (item.mark !== undefined) had.raise(item.mark)
        }
      }
    },
  }
}
