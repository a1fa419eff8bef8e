import { openDelivery } from "../../realtime/delivery.ts"
import type { Way } from "../../realtime/line.ts"
import type { Bus } from "../../src/bus/bus.ts"
import { inProcessBus } from "../../src/bus/in-process.ts"
import { type Clock, monotonic } from "../../src/clock.ts"
import { sqliteHistory } from "../../src/history/sqlite.ts"
import type { JsonObject } from "../../src/json.ts"
import type { Language } from "../../src/locales/locales.ts"
import type { Present } from "../../src/present.ts"
import { EVENTS, type WireNotification } from "../../src/wire.ts"
import { openWithdrawals } from "../../src/withdrawals.ts"
import { drafts } from "../history/drafts.ts"

/** The real history, bus and delivery of one process, without a transport. What is `replaced` stands in for the real part. */
export function rig({ clock = monotonic, ...replaced }: { clock?: Clock; present?: Present; bus?: Partial<Bus> } = {}) {
  // In memory, and so in this thread: what is to happen has happened when no promise waits any more.
  const store = sqliteHistory({ path: ":memory:", fields: [] })
  const bus: Bus = Object.assign(
    inProcessBus((error) => {
      throw error
    }),
    replaced.bus,
  )
  const failures: unknown[] = []
  const ways: Way[] = []
  let counted = 0
  let strangers = 0
  /** The whole of history and inbox, so that a test can make one method fail. */
  const history = Object.assign(Object.create(store) as typeof store, {
    unread(educator: number) {
      counted += 1
      return store.unread(educator)
    },
  })
  const report = (_: unknown, error: unknown) => void failures.push(error)
  const withdrawals = openWithdrawals({
    history,
    inbox: history,
    notices: history.notices,
    upkeep: history,
    bus,
    clock,
    report,
  })
  const delivery = openDelivery({
    history: withdrawals.history,
    notices: history.notices,
    withdrawals,
    inbox: history,
    bus,
    present: replaced.present ?? plainly,
    delivered: (_, by) => void ways.push(by),
    stranger: () => void strangers++,
    clock,
    report,
  })
  const record = async (educators: number[], count = 1, data: JsonObject = {}) =>
    (await store.record(drafts(count, educators, { data }))).flatMap((outcome) =>
      outcome.status === "recorded" ? outcome.notifications : [],
    )

  return {
    store,
    history,
    bus,
    delivery,
    withdrawals,
    failures,
    /** How each notification that was given came. */
    ways,
    counts: () => counted,
    strangers: () => strangers,
    /** Records without a word to anybody, as a process does that dies at that moment. */
    record,
    /** Records and publishes, as `notify` does. */
    async tell(educators: number[], count = 1, data?: JsonObject) {
      const notifications = await record(educators, count, data)
      const { store: name, known } = store
      await bus.publish(
        notifications.map((notification) => {
          return { kind: "recorded", educator: notification.educator, notification, store: name, known }
        }),
      )
      return notifications.map(({ id }) => id)
    },
    connect: (educator: number, more?: Parameters<typeof client>[2]) => client(delivery, educator, more),
    async [Symbol.asyncDispose]() {
      delivery.close()
      await store.close()
    },
  }
}

export const plainly: Present = async (notifications) =>
  notifications.map((notification) => ({ notification, student: null, title: "", body: "", detail: {} }))

type Options = {
  offset?: unknown
  language?: Language
  lives?: number
  id?: string
  /** A transport that takes what it is sent when this says so; left out, at once. */
  taken?(): Promise<void> | undefined
}

/** A client's connection: it keeps what arrives until the line breaks, `lives` emissions after it was made, and the last cursor. */
function client(
  delivery: Pick<ReturnType<typeof openDelivery>, "enter">,
  educator: number,
  { offset, language = "ko", lives = Number.POSITIVE_INFINITY, id = "socket", taken = () => undefined }: Options = {},
) {
  const heard: { event: string; args: unknown[] }[] = []
  let cursor = offset
  let left = lives
  let dropped = 0
  const leave = delivery.enter({
    id,
    educator,
    language,
    offset,
    taken,
    drop() {
      dropped += 1
      leave()
    },
    emit(event, ...args) {
      if (left <= 0) return
      left -= 1
      heard.push({ event, args })
      if (typeof args.at(-1) === "string") cursor = args.at(-1)
    },
  })
  const of = (event: string) => heard.filter((one) => one.event === event).map(({ args }) => args[0])
  return {
    leave,
    heard,
    events: () => heard.map(({ event }) => event),
    ids: () => of(EVENTS.notification).map((notification) => (notification as WireNotification).알림_고유_아이디),
    counts: () => of(EVENTS.count).map((count) => (count as { 안읽은_수: number }).안읽은_수),
    refreshes: () => of(EVENTS.refresh),
    reads: () => of(EVENTS.read),
    cursor: () => cursor,
    /** How often it was closed because it took too little. */
    dropped: () => dropped,
    broken: () => left <= 0,
  }
}
