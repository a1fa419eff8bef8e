import { describe, expect, test } from "bun:test"
import type { Bus } from "../src/bus/bus.ts"
import type { Posted } from "../src/history/notices.ts"
import { type Store, sqliteHistory } from "../src/history/sqlite.ts"
import { openWithdrawals } from "../src/withdrawals.ts"
import { everyOrder, type Turns } from "./every-order.ts"
import { fakeClock } from "./fake-clock.ts"
import { draft } from "./history/drafts.ts"

const EDUCATOR = 42

/** Calls that are steps, as many of one actor as a withdrawal needs; all else is done at once. */
const STEPS = ["record", "bearing", "erase", "post", "withdrawn"] as const
const MOST = 6

/** A file whose calls are steps of this actor. */
function inSteps(file: Store, actor: string, { turn }: Turns): Store {
  let left = MOST
  const stepped = <Port extends object>(port: Port): Port => {
    const steps = STEPS.filter((name) => name in port).map((name) => {
      const method = (port as Record<string, (...asked: unknown[]) => Promise<unknown>>)[name]
      const call = (...asked: unknown[]) => method?.apply(port, asked)
      return [name, (...asked: unknown[]) => (left-- > 0 ? turn(actor, name, () => call(...asked)) : call(...asked))]
    })
    return Object.assign(Object.create(port), Object.fromEntries(steps))
  }
  return Object.assign(stepped(file), { notices: stepped(file.notices) })
}

type Process = ReturnType<typeof process>

function process(store: Store, announce: Bus["announce"] = async () => {}) {
  const clock = fakeClock()
  const report = (_: unknown, error: unknown) => {
    throw error
  }
  const { notices } = store
  const needs = { history: store, inbox: store, notices, upkeep: store, bus: { announce }, clock, report }
  return { ...openWithdrawals(needs), clock }
}

/** A page that shows what it is given, and fetches its list when it is told to; its process looks into history now and then. */
function page(at: Process, file: Store) {
  let shows = false
  let after = 0
  let listed = Promise.resolve()
  const list = async () => {
    shows = (await at.inbox.list({ educator: EDUCATOR, limit: 10 })).length > 0
  }
  at.follow((educators) => {
    if (educators.includes(EDUCATOR)) listed = list()
  })
  return {
    /** Whether it does, once it has fetched what it was told to. */
    async shows() {
      await listed
      return shows
    },
    /** A message of the bus, which may be late. */
    hear(event: { source: string; eventId: string }) {
      if (!at.has(event)) shows = true
    },
    /** As the tail does it: history, then notices, then rows. */
    async look() {
      const { entries, mark } = await file.since({ educators: [EDUCATOR], after, limit: 10 })
      await at.catchUp()
      const rows = await at.history.read(entries.map(({ id }) => id))
      if (rows.some((row) => !at.has(row))) shows = true
      after = mark
    },
  }
}

/** One process records an event, another takes it back, and a third has a page; then all is quiet, and nothing of it may be left. */
async function race(turns: Turns, { bus = false, does }: { bus?: boolean; does?: "look" | "catch up" }, dies: boolean) {
  await using file = Object.assign(sqliteHistory({ path: ":memory:", fields: [] }), {
    async [Symbol.asyncDispose]() {
      await file.close()
    },
  })
  const sent = draft([EDUCATOR])
  const key = { source: sent.event.source, eventId: sent.event.id }
  const third = process(file)
  const tab = page(third, file)
  const hear = async ({ notice }: { notice: Posted }) => {
    if (bus) turns.turn("bus", "brings the notice", () => third.hear(notice))
  }

  const recording = process(inSteps(file, "poster", turns), hear)
    .record([sent])
    .then(([outcome]) => {
      if (bus && outcome?.status === "recorded") turns.turn("bus", "brings the event", () => tab.hear(key))
    })
  recording.catch(() => {})
  process(inSteps(file, "withdrawer", turns), hear).withdraw(key)
  if (does) turns.turn("page", does, () => (does === "look" ? tab.look() : third.catchUp()))
  await turns.run()

  const posted = (await file.notices.withdrawn([key])).length > 0
  if (!posted) return
  // Two that were answered have left nothing.
  if (!dies) expect(await file.bearing([key])).toEqual([])
  // What the dead have left is met by nobody here: it is looked for.
  third.clock.advance(30_000)
  await third.catchUp()
  expect(await file.bearing([key])).toEqual([])
  // Whom it was taken from by then is told at the next look.
  await third.catchUp()
  expect(await tab.shows()).toBe(false)
  expect(await file.unread(EDUCATOR)).toBe(0)
  // A process that starts has been told of nothing, and neither has one that has not looked yet.
  expect(await process(file).record([sent])).toEqual([{ status: "withdrawn" }])
  expect(await file.bearing([key])).toEqual([])
}

describe("an event that is taken back while it is recorded is gone, in every order of the steps,", () => {
  test.each([
    ["whatever the bus brings when", { bus: true }, undefined],
    ["whenever a process looks into history, without the bus", { does: "look" }, undefined],
    ["when the process that records dies, and its record is met", { does: "look" }, "poster"],
    ["when the process that records dies, and its record is met by nobody", { does: "catch up" }, "poster"],
    ["when the process that takes it back dies", { does: "look" }, "withdrawer"],
  ] as const)("%s", async (_, how, mortal) => {
    const orders = await everyOrder((turns) => race(turns, how, mortal !== undefined), mortal)
    expect(orders).toBeGreaterThan(1000)
  })
})
