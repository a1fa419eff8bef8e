import type { History } from "../src/history/history.ts"
import type { Language } from "../src/locales/locales.ts"
import type { MarkedRead } from "../src/mark-read.ts"
import type { Notification } from "../src/notification.ts"
import { EVENTS, type RefreshReason, type WireNotification, wireCount, wireRead, wireRefresh } from "../src/wire.ts"
import type { PresentOnce } from "./present-once.ts"
import type { Progress } from "./progress.ts"

/** One socket of an educator's, as the transport knows it. `offset` is what its client says it has. */
export type Connection = {
  id: string
  educator: number
  language: Language
  offset: unknown
  emit(event: string, ...args: unknown[]): void
  /** Resolves when it takes more, or is gone, and is the same promise until then; undefined when it takes more now. */
  taken(): Promise<void> | undefined
  /** Closes it because it does not take what it is sent; its client comes back with the cursor it has. */
  drop(): void
}

/** How a notification came to a socket: from whoever recorded it, from the tail, or from the socket's own read of history. */
export type Way = "bus" | "tail" | "replay"

type Needs = {
  history: Pick<History, "known">
  present: PresentOnce
  delivered(notification: Notification, by: Way): void
}

/** What is sent of each notification, in the socket's language. */
export type Words = ReadonlyMap<Notification, WireNotification>

export type Line = ReturnType<typeof lineOf>

/** What is sent down one socket, in the words of the contract, each with where the socket then stands. */
export function lineOf({ id, language, emit }: Connection, { history, present, delivered }: Needs) {
  return {
    words: (notifications: readonly Notification[]) => present(notifications, language),

    /** Counted as had only as it is emitted: a cursor that names what was not sent yet would lose it. */
    notification(had: Progress, notification: Notification, wire: WireNotification, by: Way) {
      had.give(notification)
      emit(EVENTS.notification, wire, had.cursor(history.known))
      delivered(notification, by)
    },

    count: (had: Progress, unread: number) => emit(EVENTS.count, wireCount(unread), had.cursor(history.known)),
    refresh: (reason: RefreshReason) => emit(EVENTS.refresh, wireRefresh(reason)),

    /** Whoever marked it was answered already. */
    read(read: MarkedRead, origin: string | undefined) {
      if (origin !== id) emit(EVENTS.read, wireRead(read))
    },
  }
}
