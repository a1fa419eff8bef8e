import { LRUCache } from "lru-cache"
import type { Bus } from "./bus/bus.ts"
import type { Clock } from "./clock.ts"
import type { Draft, History, Outcome } from "./history/history.ts"
import type { Inbox, Query } from "./history/inbox.ts"
import { type EventKey, keyOf, MOST_NOTICES, type Notices, type Posted } from "./history/notices.ts"
import type { Bearer, Upkeep } from "./history/upkeep.ts"
import type { Report } from "./report.ts"
import { textOf, withdrawnEvents } from "./withdrawn.ts"

/** How often what is known to be withdrawn is looked for again, in milliseconds. */
const SWEEP = 30_000

/** Events that are looked for at once, and rounds in which one is, while something that bears it still comes to light. */
const PORTION = 500
const ROUNDS = 10

type Needs = {
  history: History
  inbox: Pick<Inbox, "list" | "unread">
  notices: Pick<Notices, "post" | "since" | "withdrawn">
  upkeep: Pick<Upkeep, "bearing" | "erase">
  bus: Pick<Bus, "announce">
  clock: Clock
  report: Report
}

/** What became of a draft when events can be taken back: nothing is left of one that was `withdrawn`. */
export type Guarded = Outcome | { status: "withdrawn" }

export type Withdrawals = ReturnType<typeof openWithdrawals>

/**
 * Takes events back, and sees to it that nothing brings one back: no race, no late message, no write that outlives its sender.
 *
 * A withdrawal posts its notice, then erases. Whoever records looks for a notice once its write is done: one of the two sees the other. What
 * neither of them saw, because the writer died in between, is erased by whoever meets it, and by every process again and again for a day.
 * Nothing is erased before a notice names whoever may have been shown it: so each educator who saw it is told.
 */
export function openWithdrawals({ history, inbox, notices, upkeep, bus, clock, report }: Needs) {
  const withdrawn = withdrawnEvents(clock)
  /** Positions of notices that were told. */
  const told = new LRUCache<number, true>({ max: MOST_NOTICES })
  let mark: number | undefined
  let turn = Promise.resolve()
  let swept = clock.now()
  let tell: (educators: readonly number[]) => void = () => {}

  /** Erases whatever bears these events, until nothing does; answers how many notifications. */
  async function takeAway(keys: readonly EventKey[]): Promise<number> {
    let taken = 0
    for (let from = 0; from < keys.length; from += PORTION)
      for (let round = 0; round < ROUNDS; round++) {
        const found = await upkeep.bearing(keys.slice(from, from + PORTION))
        if (found.length === 0) break
        await Promise.all([...Map.groupBy(found, textOf).values()].map((rows) => takeFrom(rows[0] as Bearer, rows)))
        taken += found.length
      }
    return taken
  }

  /** Erases these, which bear one event: first a notice names whom they are taken from, and then, when they are gone, all are told. */
  async function takeFrom({ source, eventId }: EventKey, rows: readonly Bearer[]): Promise<void> {
    const educators = [...new Set(rows.map(({ educator }) => educator))]
    const notice = await notices.post({ kind: "withdrawn", source, eventId, educators })
    withdrawn.add(notice)
    if (rows.length > 0) await upkeep.erase(rows.map(({ id }) => id))
    bus.announce({ store: history.store, known: history.known, notice }).catch((error) => report("publish", error))
  }

  /** Takes over notices that were posted anywhere, one call after the other. */
  function learn(posted: readonly Posted[]): Promise<void> {
    const mine = turn.then(() => learnNow(posted))
    turn = mine.catch(() => {})
    return mine
  }

  /** Those whom notices name are told once nothing is left, and each notice once. */
  async function learnNow(posted: readonly Posted[]): Promise<void> {
    const fresh = posted.filter(({ position }) => !told.has(position))
    if (fresh.length === 0) return
    for (const notice of fresh) withdrawn.add(notice)
    await takeAway(fresh)
    for (const { position } of fresh) told.set(position, true)
    tell([...new Set(fresh.flatMap(({ educators }) => educators))])
  }

  /** What nobody meets, such as the write of a process that died, must not be counted for ever. No mark depends on it. */
  async function sweep(): Promise<void> {
    if (clock.now() - swept < SWEEP) return
    swept = clock.now()
    await takeAway(withdrawn.keys()).catch((error) => report("tail", error))
  }

  /** Which of these are withdrawn, however long ago. */
  async function withdrawnOf(rows: readonly EventKey[]): Promise<EventKey[]> {
    if (rows.length === 0) return []
    const found = await notices.withdrawn([...new Map(rows.map((row) => [textOf(row), row])).values()])
    found.forEach(withdrawn.add)
    return found
  }

  return {
    /** Whether this process knows that it was withdrawn, within the last day. */
    has: withdrawn.has,

    /** Says who is to be told whom something was taken back from. */
    follow(listener: typeof tell) {
      tell = listener
    },

    /** Takes an event back, also one that is yet to come; safe to repeat. When it resolves, no list shows it. */
    async withdraw({ source, eventId }: EventKey): Promise<void> {
      const key = { source, eventId }
      const [before] = await notices.withdrawn([key])
      if (before) await takeAway([key])
      else await takeFrom(key, await upkeep.bearing([key]))
      // Whoever has recorded it between that look and the notice is found as the notice is learnt.
      await catchUp()
    },

    /** A notice that the bus brought. */
    hear(notice: Posted) {
      withdrawn.add(notice)
      learn([notice]).catch((error) => report("tail", error))
    },

    catchUp,

    /** Records what is not withdrawn, and of what is withdrawn meanwhile leaves nothing. */
    async record(drafts: readonly Draft[]): Promise<Guarded[]> {
      const open = new Set(drafts.filter(({ event }) => !withdrawn.has(keyOf(event))))
      const outcomes = open.size > 0 ? await look([...open], await history.record([...open])) : []
      const next = outcomes.values()
      return drafts.map((draft) => (open.has(draft) ? (next.next().value as Guarded) : { status: "withdrawn" }))
    },

    /** The same, of which `read` shows nothing that is withdrawn. */
    history: Object.assign(Object.create(history), { read }) as History,
    /** The same, of which `list` shows nothing that is withdrawn, and as many others in its place. */
    inbox: Object.assign(Object.create(inbox), { list }) as typeof inbox,
  }

  async function read(ids: readonly number[]) {
    const rows = await history.read(ids)
    const gone = await withdrawnOf(rows)
    if (gone.length > 0) takeAway(gone).catch((error) => report("tail", error))
    return rows.filter((row) => !withdrawn.has(row))
  }

  async function list(query: Query) {
    for (let fruitless = 0; ; ) {
      const rows = await inbox.list(query)
      const gone = await withdrawnOf(rows)
      if (gone.length === 0) return rows
      const taken = await takeAway(gone)
      // What cannot be found to be taken away, where a node lags, leaves the page shorter.
      if (taken === 0 && fruitless++ > 0) return rows.filter((row) => !withdrawn.has(row))
    }
  }

  /** Reads what was posted anywhere. History is complete to its reader as far as that was before. */
  async function catchUp(): Promise<void> {
    const found = await notices.since(mark)
    await learn(found.notices)
    mark = Math.max(mark ?? 0, found.mark)
    await sweep()
  }

  /** The second look: a notice that was posted before it is seen by it, and one that is posted later sees what was recorded. */
  async function look(drafts: readonly Draft[], outcomes: readonly Outcome[]): Promise<Guarded[]> {
    try {
      const gone = await withdrawnOf(drafts.map(({ event }) => keyOf(event)))
      if (gone.length > 0) await takeAway(gone)
      const those = new Set(gone.map(textOf))
      return outcomes.map((outcome, index) => {
        const isGone = those.has(textOf(keyOf((drafts[index] as Draft).event)))
        return isGone ? { status: "withdrawn" } : outcome
      })
    } catch (error) {
      return outcomes.map(() => ({ status: "unknown", error }))
    }
  }
}
