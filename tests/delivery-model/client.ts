import type { Notification } from "../../src/notification.ts"
import { EVENTS, type WireNotification, type wireCount, type wireRefresh } from "../../src/wire.ts"
import type { Process } from "./process.ts"
import type { Surroundings } from "./store.ts"

/** Milliseconds: a browser's way to its server; until it is back after a break; until the server notices that it has gone. */
const WAY = 3
const BACK = 1_000
const NOTICED = 500

/** Milliseconds that a line is busy with one message. */
const SENDING = 0.5

/** How long until a page asks again for a list that it was not given. */
const ASK_AGAIN = 1_000

/** What a client has been through, for the checkers. */
export type Told = {
  client: number
  educator: number
  /** Each notification's arrivals, in order. */
  given: { at: number; id: number; educator: number; event: string }[]
  /** When the first count and each refresh were sent, and why: the page lists what could be seen then. */
  begun: { sentAt: number; at: number; reason: string | undefined }[]
  listed: Set<number>
  /** When a list that showed this event was asked for last. */
  found: Map<string, number>
  /** What its page shows: the list that it asked for last, and what it was given since. */
  shown: Map<number, string>
  cursors: { at: number; text: string }[]
  /** What it was told last of how many are unread. */
  unread: number | undefined
}

export type Client = {
  readonly told: Told
  /** Whether it stands, and has been counted for. */
  readonly settled: boolean
  connect(process: number): void
  vanish(): void
}

type Socket = { process: Process; open: boolean; counted: boolean; last: number; leave: (() => void) | undefined }

/** The stock socket.io client, with a page that lists at its first count and at each refresh, through another process. */
export function clientOf(client: number, educator: number, processes: readonly Process[], surroundings: Surroundings) {
  const { time, faults, say } = surroundings
  const told: Told = {
    client,
    educator,
    given: [],
    begun: [],
    listed: new Set(),
    found: new Map(),
    shown: new Map(),
    cursors: [],
    unread: undefined,
  }
  let socket: Socket | undefined
  let offset: string | undefined
  /** How many lists its page has asked for: what answers an older one is passed over. */
  let asked = 0

  const alive = (from: number) =>
    processes.map((_, index) => processes[(from + index) % processes.length]).find((process) => process?.memory)

  function connect(to: number) {
    if (socket?.open) return
    const process = alive(to)
    if (!process?.memory) return time.after(BACK, () => connect(to))
    const { life, enter } = process.memory
    const mine: Socket = { process, open: true, counted: false, last: 0, leave: undefined }
    socket = mine
    say(`C${client} connects to P${life.process} with ${offset ?? "no cursor"}`)
    process.onEnd(() => {
      if (!mine.open) return
      mine.open = false
      time.after(BACK, () => socket === mine && connect(to + 1))
    })
    const handshake = {
      id: `${client}.${time.now}`,
      educator,
      language: "ko" as const,
      offset,
      taken: () => undefined,
      drop() {},
      emit: (event: string, ...args: unknown[]) => send(mine, event, args),
    }
    time.after(WAY, () =>
      life.enter(() => {
        if (mine.open) mine.leave = enter(handshake)
      }),
    )
  }

  function vanish() {
    const gone = socket
    if (!gone?.open) return
    gone.open = false
    say(`C${client} vanishes`)
    const life = gone.process.memory?.life
    time.after(NOTICED, () => life?.enter(() => gone.leave?.()))
  }

  /** In order, and never after the line has broken. */
  function send(mine: Socket, event: string, args: unknown[]) {
    const sentAt = time.now
    mine.last = Math.max(mine.last + SENDING, time.now + WAY + (faults.during("line slow", client)?.by ?? 0))
    time.after(mine.last - time.now, () => mine.open && receive(mine, event, args, sentAt))
  }

  function receive(mine: Socket, event: string, args: unknown[], sentAt: number) {
    const last = args.at(-1)
    if (typeof last === "string") {
      offset = last
      told.cursors.push({ at: time.now, text: last })
    }
    if (event === EVENTS.notification) {
      const { 알림_고유_아이디: id, 교육자_유저인덱스: whose, 상세: data } = args[0] as WireNotification
      told.given.push({ at: time.now, id, educator: whose, event: String(data.event) })
      told.shown.set(id, String(data.event))
      say(`C${client} <- ${data.event}, ${last}`)
    } else if (event === EVENTS.refresh || (event === EVENTS.count && told.begun.length === 0)) {
      say(`C${client} <- ${event} ${JSON.stringify(args)}`)
      const reason = event === EVENTS.refresh ? (args[0] as ReturnType<typeof wireRefresh>).이유 : undefined
      told.begun.push({ sentAt, at: time.now, reason })
      asked++
      list(asked, told.given.length)
    }
    if (event === EVENTS.count) {
      mine.counted = true
      told.unread = (args[0] as ReturnType<typeof wireCount>).안읽은_수
    }
  }

  /** The page asks another process, until it is answered or has asked anew. `had`: how many it was given before. */
  function list(number: number, had: number) {
    const again = () => time.after(ASK_AGAIN, () => number === asked && list(number, had))
    const { list: answer, life } = alive(client + 1)?.memory ?? {}
    if (!answer || !life) return again()
    const askedAt = time.now
    let answered = false
    const settle = (run: () => void) => {
      if (!answered) time.after(WAY, run)
      answered = true
    }
    time.after(10 * ASK_AGAIN, () => settle(again))
    life.enter(() => {
      answer({ educator, limit: 10_000 }).then(
        (rows) => settle(() => show(number, { had, askedAt }, rows)),
        () => settle(again),
      )
    })
  }

  type Asked = { had: number; askedAt: number }

  function show(number: number, { had, askedAt }: Asked, rows: readonly Notification[]) {
    for (const { id, eventId } of rows) {
      told.listed.add(id)
      told.found.set(eventId, Math.max(askedAt, told.found.get(eventId) ?? 0))
    }
    if (number !== asked) return
    told.shown = new Map(rows.map(({ id, eventId }) => [id, eventId]))
    for (const { id, event } of told.given.slice(had)) told.shown.set(id, event)
    say(`C${client} shows ${[...told.shown.values()].join(", ")}`)
  }

  return {
    told,
    get settled() {
      return socket?.open === true && socket.counted
    },
    connect,
    vanish,
  } satisfies Client
}
