import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { inProcessBus } from "../src/bus/in-process.ts"
import type { EventKey } from "../src/history/notices.ts"
import { type Store, sqliteHistory } from "../src/history/sqlite.ts"
import { openWithdrawals } from "../src/withdrawals.ts"
import { fakeClock } from "./fake-clock.ts"
import { draft, drafts, notificationsOf } from "./history/drafts.ts"
import { until } from "./until.ts"

let file: Store
beforeEach(() => {
  file = sqliteHistory({ path: ":memory:", fields: [] })
})
afterEach(() => file.close())

/** A process, and whom it has told that something was taken from them; `store` stands in for the file. */
function open(store: Store = file) {
  const clock = fakeClock()
  const bus = inProcessBus((error) => {
    throw error
  })
  const report = (_: unknown, error: unknown) => {
    throw error
  }
  const { notices } = store
  const process = openWithdrawals({ history: store, inbox: store, notices, upkeep: store, bus, clock, report })
  bus.deliver({ message() {}, notice: ({ notice }) => process.hear(notice), doubt() {} })
  const told: (readonly number[])[] = []
  process.follow((educators) => {
    if (educators.length > 0) told.push(educators)
  })
  return { ...process, bus, clock, told }
}

const record = async (educators: number[], count = 1) =>
  notificationsOf(await file.record(drafts(count, educators, { source: "lms" })))
/** Says that it was withdrawn, as a process does that dies at that moment. */
const sayWithdrawn = ({ source, eventId }: EventKey) =>
  file.notices.post({ kind: "withdrawn", source, eventId, educators: [] })
const ids = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)

describe("what was withdrawn, and could not be erased yet,", () => {
  test("is in no list, which is as long as it was asked for; whoever lists it erases it", async () => {
    const recorded = await record([42], 12)
    for (const row of recorded.slice(6)) await sayWithdrawn(row)
    expect(ids(await open().inbox.list({ educator: 42, limit: 4 }))).toEqual(ids(recorded.slice(2, 6)).toReversed())
    expect(await file.unread(42)).toBe(6)
    expect(ids(await open().inbox.list({ educator: 42, limit: 20 }))).toEqual(ids(recorded.slice(0, 6)).toReversed())
  })

  test("is in no list though there is much of it, however little is asked for", async () => {
    const recorded = await record([42], 40)
    for (const row of recorded.slice(2)) await sayWithdrawn(row)
    expect(ids(await open().inbox.list({ educator: 42, limit: 1 }))).toEqual(ids(recorded.slice(1, 2)))
  })

  test("is not read from history either", async () => {
    const [gone, kept] = await record([42], 2)
    if (gone) await sayWithdrawn(gone)
    const { history } = open()
    expect(ids(await history.read(ids([gone, kept].flatMap((row) => row ?? []))))).toEqual(ids(kept ? [kept] : []))
    await until(async () => (await file.unread(42)) === 1)
  })

  test("is known to a process that starts, once it has looked, and is erased then", async () => {
    const [gone] = await record([42, 43])
    if (gone) await sayWithdrawn(gone)
    const process = open()
    await process.catchUp()
    expect(process.has(gone as EventKey)).toBe(true)
    expect([await file.unread(42), await file.unread(43)]).toEqual([0, 0])
  })
})

describe("whom something is taken from", () => {
  test("is told once, by whichever process, and when it is gone", async () => {
    const [row] = await record([42, 43])
    const [here, there] = [open(), open()]
    const counts: Promise<number>[] = []
    here.follow(() => counts.push(file.unread(42)))
    await there.catchUp()
    await Promise.all([there.withdraw(row as EventKey), here.catchUp()])
    await Promise.all([here.catchUp(), there.catchUp(), there.catchUp()])
    expect(there.told).toEqual([[42, 43]])
    expect(await Promise.all(counts)).toEqual(counts.map(() => 0))
    await there.withdraw(row as EventKey)
    await there.catchUp()
    expect(there.told).toHaveLength(1)
  })

  test("is told when it is gone, though the process that took it has died before it was", async () => {
    const [row] = await record([42])
    const { source, eventId } = row as EventKey
    await file.notices.post({ kind: "withdrawn", source, eventId, educators: [42] })
    const process = open()
    const counts: Promise<number>[] = []
    process.follow((educators) => educators.length > 0 && counts.push(file.unread(42)))
    await process.catchUp()
    await process.catchUp()
    expect(counts.length).toBeGreaterThan(0)
    expect(await Promise.all(counts)).toEqual(counts.map(() => 0))
  })

  test("is told by others as well when it is gone: they hear of it no sooner", async () => {
    const [row] = await record([42, 43])
    const { withdraw, bus } = open()
    const counts: Promise<number>[] = []
    const { announce } = bus
    bus.announce = (message) => {
      counts.push(file.unread(42), file.unread(43))
      return announce(message)
    }
    await withdraw(row as EventKey)
    expect(await Promise.all(counts)).toEqual([0, 0])
  })

  test("is told once, though its process hears of it and looks at the same time", async () => {
    const answers = Promise.withResolvers<void>()
    const bearing: Store["bearing"] = (keys) => answers.promise.then(() => file.bearing(keys))
    const process = open(Object.assign(Object.create(file), { bearing }))
    await process.catchUp()
    // Another process has taken it back, and left nothing to erase.
    process.hear(await file.notices.post({ kind: "withdrawn", source: "lms", eventId: "gone", educators: [42] }))
    const looks = Promise.all([process.catchUp(), process.catchUp()])
    await new Promise(setImmediate)
    answers.resolve()
    await looks
    expect(process.told).toEqual([[42]])
  })

  test("is told at the next look when it could not be erased at this one", async () => {
    const [row] = await record([42])
    const { source, eventId } = row as EventKey
    let fails = true
    const bearing: Store["bearing"] = (keys) => (fails ? Promise.reject(new Error("gone")) : file.bearing(keys))
    const process = open(Object.assign(Object.create(file), { bearing }))
    await file.notices.post({ kind: "withdrawn", source, eventId, educators: [42] })
    expect(await process.catchUp().catch(({ message }) => message)).toBe("gone")
    expect(process.told).toEqual([])
    fails = false
    await process.catchUp()
    expect(process.told[0]).toEqual([42])
    expect(await file.unread(42)).toBe(0)
  })

  test("of what nobody had been told is nobody", async () => {
    const process = open()
    await process.withdraw({ source: "lms", eventId: "never" })
    expect(process.told).toEqual([])
  })
})

test("a record whose second look fails is unknown: sent again, it is withdrawn", async () => {
  const sent = draft([42])
  await open().withdraw({ source: sent.event.source, eventId: sent.event.id })
  const gone = new Error("gone")
  const broken = Object.assign(Object.create(file), {
    notices: Object.assign(Object.create(file.notices), { withdrawn: () => Promise.reject(gone) }),
  }) as Store
  expect(await open(broken).record([sent])).toEqual([{ status: "unknown", error: gone }])
  expect(await open().record([sent])).toEqual([{ status: "withdrawn" }])
  expect(await file.unread(42)).toBe(0)
})

test("a day is enough to remember what was withdrawn for the sake of late messages; history knows it longer", async () => {
  const process = open()
  const sent = draft([42])
  const key = { source: sent.event.source, eventId: sent.event.id }
  await process.withdraw(key)
  process.clock.advance(86_400_001)
  await process.catchUp()
  expect(process.has(key)).toBe(false)
  expect(await process.record([sent])).toEqual([{ status: "withdrawn" }])
})

test("thousands of withdrawals are caught up with at once", async () => {
  const rows = await record([42], 2000)
  for (const row of rows) await sayWithdrawn(row)
  const process = open()
  await process.catchUp()
  expect(await file.unread(42)).toBe(0)
})
