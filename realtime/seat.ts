import type { Message } from "../src/bus/bus.ts"
import type { History } from "../src/history/history.ts"
import { idAt } from "../src/id.ts"
import type { Notification } from "../src/notification.ts"
import { EVENTS, type Presented, type RefreshReason, toWire, wireCount, wireRead, wireRefresh } from "../src/wire.ts"
import { type Cursor, OVERLAP, type Progress, progressFrom } from "./cursor.ts"
import type { Seat } from "./rooms.ts"

/** More missed notifications than this are not replayed one by one: the client is told to fetch the list again. */
export const REPLAY_AT_MOST = 300

/** More messages than this do not wait for a socket: they are dropped, and the client is told to fetch the list again. */
const WAITING_AT_MOST = 1_000

type Options = {
  educator: number
  /** This socket's id: what it did itself it is not told again. */
  id: string
  /** What the client says it has: undefined on its first connection, `"invalid"` when it makes no sense. */
  cursor: Cursor | "invalid" | undefined
  history: Pick<History, "since" | "unread">
  present(notifications: readonly Notification[]): Promise<Presented[]>
  emit(event: string, ...args: unknown[]): void
  delivered(notification: Notification, replayed: boolean): void
  report(error: unknown): void
  /** Told when the socket cannot be given what it should be: its client has to come back, with the cursor it has. */
  fail(error: unknown): void
}

export type LiveSeat = Seat & {
  /**
   * Gives the socket what it missed, then what was pushed meanwhile, then goes live. Every message published after `join` has
   * resolved must be pushed. Rejects when history does not answer.
   */
  start(join: () => Promise<void>): Promise<void>
}

/**
 * What one socket is given, in order. Messages wait while the replay or an earlier batch is under way, and those that wait go
 * together: a burst is presented, and counted, in one go.
 */
export function takeSeat({ educator, id, cursor, history, present, emit, delivered, report, fail }: Options): LiveSeat {
  let waiting: Message[] = []
  let overflowed = false
  let busy = true
  let progress: Progress

  /** The smallest id that no cursor may pass yet; nothing may move while messages have been dropped. */
  const firstDoubt = () => (overflowed ? 0 : smallestId(waiting))

  /** Everything up to now counts as had: the client lists it. */
  async function begin() {
    const watermark = idAt(Date.now() - OVERLAP)
    const recent = await history.since(educator, watermark, WAITING_AT_MOST)
    return { watermark, above: new Set(recent.map((notification) => notification.id)) }
  }

  async function refresh(reason: RefreshReason) {
    overflowed = false
    progress = progressFrom(await begin())
    emit(EVENTS.refresh, wireRefresh(reason))
  }

  async function replay({ watermark, above }: Cursor) {
    const most = REPLAY_AT_MOST + above.size
    const rows = await history.since(educator, watermark, most + 1)
    if (rows.length > most) return refresh("too_many_missed")
    await give(
      rows.map((notification) => ({ kind: "recorded", educator, notification })),
      true,
    )
  }

  async function give(messages: readonly Message[], replayed = false) {
    const presented = await present(
      messages.flatMap((message) => (message.kind === "recorded" ? message.notification : [])),
    )
    const next = presented.values()
    const doubtful = doubtfulAfter(messages, firstDoubt())
    for (const [index, message] of messages.entries()) {
      if (message.kind === "read") {
        if (message.origin !== id) emit(EVENTS.read, wireRead(message))
        continue
      }
      const notification = next.next().value
      // Admitted only as it is emitted: a cursor that names what was not sent yet would lose it.
      if (!notification || !progress.admit(message.notification.id)) continue
      emit(EVENTS.notification, toWire(notification), progress.cursor(doubtful[index]))
      delivered(message.notification, replayed)
    }
  }

  async function tellCount() {
    const unread = await history.unread(educator)
    emit(EVENTS.count, wireCount(unread), progress.cursor(firstDoubt()))
  }

  async function pump() {
    if (busy) return
    busy = true
    try {
      while (waiting.length > 0 || overflowed) {
        const batch = waiting
        waiting = []
        if (overflowed) await refresh("too_many_missed")
        else await give(batch)
        await tellCount().catch(report)
      }
    } finally {
      busy = false
    }
  }

  return {
    push(message) {
      waiting.push(message)
      if (waiting.length > WAITING_AT_MOST) {
        overflowed = true
        waiting = []
      }
      pump().catch(fail)
    },

    async start(join) {
      const had = cursor && cursor !== "invalid" ? cursor : await begin()
      progress = progressFrom(had)
      await join()
      if (cursor === "invalid") await refresh("cursor_invalid")
      else await replay(had)
      await tellCount()
      busy = false
      await pump()
    },
  }
}

function smallestId(messages: readonly Message[]): number {
  return messages.reduce(
    (least, message) => (message.kind === "recorded" ? Math.min(least, message.notification.id) : least),
    Number.POSITIVE_INFINITY,
  )
}

/** For each message, the smallest id among those that come after it: no cursor may pass that one yet. */
function doubtfulAfter(messages: readonly Message[], last: number): number[] {
  let least = last
  return messages
    .toReversed()
    .map((message) => {
      const after = least
      least = Math.min(least, smallestId([message]))
      return after
    })
    .reverse()
}
