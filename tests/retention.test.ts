import { afterAll, beforeEach, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { sqliteHistory } from "../src/history/sqlite.ts"
import { keepFor } from "../src/retention.ts"
import { fakeClock } from "./fake-clock.ts"
import { draft } from "./history/drafts.ts"
import { temporaryDirectory } from "./program.ts"
import { until } from "./until.ts"

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2026, 10, 1)

describe("history is kept for so many days", () => {
  const directory = temporaryDirectory()
  afterAll(() => directory[Symbol.dispose]())
  let files = 0
  let path = ""
  beforeEach(() => {
    path = join(directory.path, `${files++}.sqlite`)
  })

  /** A server, off and on again with the next one; `today` is what its machine's clock says. */
  async function serve(today: number, days = 10) {
    let time = today
    const clock = fakeClock()
    const history = sqliteHistory({ path, fields: [], now: () => time })
    const reported: string[] = []
    const stop = keepFor({
      days,
      upkeep: history,
      now: () => time,
      clock,
      report: (error) => reported.push(String(error)),
    })
    const looked = () => until(() => clock.waiting() === 1, "the next look is due")
    await looked()
    return {
      reported,
      record: () => history.record([draft([42])]),
      /** How many days old the notifications are. */
      ages: async () =>
        (await history.list({ educator: 42, limit: 1000 })).map(({ id }) => Math.round((time - momentOf(id)) / DAY)),
      leap: (milliseconds: number) => {
        time += milliseconds
      },
      async pass(milliseconds: number) {
        for (let passed = 0; passed < milliseconds; passed += HOUR) {
          time += HOUR
          clock.advance(HOUR)
          await looked()
        }
      },
      async [Symbol.asyncDispose]() {
        stop()
        expect(clock.waiting()).toBe(0)
        await history.close()
      },
    }
  }
  const momentOf = (id: number) => Math.floor(id / 4096) + Date.UTC(2020, 0)

  test("days are days, and nothing is reported while each day follows the other", async () => {
    await using server = await serve(START)
    for (let day = 0; day < 14; day++) {
      await server.record()
      await server.pass(DAY)
    }
    await server.record()
    await server.pass(HOUR)
    expect(await server.ages()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(server.reported).toEqual([])
  })

  test("a clock that is set right by some hours is no leap", async () => {
    await using server = await serve(START)
    await server.record()
    await server.pass(DAY)
    server.leap(20 * HOUR)
    await server.record()
    await server.pass(HOUR)
    expect(server.reported).toEqual([])
  })

  test("a week without records is no leap", async () => {
    await using server = await serve(START)
    await server.record()
    await server.pass(9 * DAY)
    await server.record()
    await server.pass(9 * DAY)
    expect(await server.ages()).toEqual([9, 18])
    await server.record()
    await server.pass(HOUR)
    expect(await server.ages()).toEqual([0, 9])
    expect(server.reported).toEqual([])
  })

  test("a clock that leaps by a year deletes nothing, however often it is looked at, and is reported once", async () => {
    await using server = await serve(START)
    for (let day = 0; day < 5; day++) {
      await server.record()
      await server.pass(DAY)
    }
    server.leap(365 * DAY)
    await server.pass(2 * HOUR)
    expect(server.reported).toEqual([])
    await server.record()
    await server.pass(20 * HOUR)
    expect(await server.ages()).toHaveLength(6)
    expect(server.reported).toHaveLength(1)
    expect(server.reported[0]).toContain("check this machine's clock")

    server.leap(-365 * DAY)
    await server.pass(2 * DAY)
    expect(await server.ages()).toHaveLength(6)
    server.leap(365 * DAY)
    await server.pass(20 * HOUR)
    expect(server.reported).toHaveLength(2)
    expect(await server.ages()).toHaveLength(6)
  })

  test("a leap during the wait for another begins a wait of its own", async () => {
    await (async () => {
      await using server = await serve(START)
      await server.record()
    })()
    await using server = await serve(START + 60 * DAY)
    await server.record()
    await server.pass(23 * HOUR)
    server.leap(365 * DAY)
    await server.record()
    await server.pass(10 * HOUR)
    expect(server.reported).toHaveLength(2)
    expect(await server.ages()).toHaveLength(3)
  })

  test("a server that was off for two months catches up after it has been up for a day, in one piece or in several", async () => {
    await (async () => {
      await using server = await serve(START)
      await server.record()
    })()
    for (let restart = 0; restart < 3; restart++) {
      await using server = await serve(START + 60 * DAY)
      await server.record()
      await server.pass(7 * HOUR)
      expect(await server.ages()).toContain(60)
    }
    await using server = await serve(START + 61 * DAY)
    await server.pass(2 * HOUR)
    expect(await server.ages()).toContain(61)
    await server.pass(2 * HOUR)
    expect(await server.ages()).toEqual([1, 1, 1])
    expect(server.reported).toEqual([])
  })

  test("a machine that is on for twelve hours of each weekday keeps no more than it should for long", async () => {
    for (let day = 0; day < 60; day++) {
      if (day % 7 >= 5) continue
      await using server = await serve(START + day * DAY)
      await server.record()
      await server.pass(12 * HOUR)
      if (day === 59 || day === 58) expect(Math.max(...(await server.ages()))).toBeLessThan(16)
    }
  })

  test("to stop amid a cut is to stop: there is no next one", async () => {
    const clock = fakeClock()
    const gate = Promise.withResolvers<number>()
    const upkeep = {
      newestAt: () => gate.promise,
      prunedTo: async () => 0,
      waitingCut: async () => undefined,
      wait: async () => {},
      prune: async () => 0,
    }
    keepFor({ days: 1, upkeep, clock, report() {} })()
    gate.resolve(0)
    await clock.settle()
    expect(clock.waiting()).toBe(0)
  })

  test("a failure is reported, and tried again in an hour", async () => {
    const clock = fakeClock()
    const gone = new Error("gone")
    const reported: unknown[] = []
    let asked = 0
    const upkeep = {
      newestAt: () => Promise.reject(gone),
      prunedTo: async () => 0,
      waitingCut: async () => undefined,
      wait: async () => {},
      prune: async () => asked++,
    }
    const stop = keepFor({ days: 1, upkeep, clock, report: (error) => reported.push(error) })
    await until(() => clock.waiting() === 1)
    clock.advance(HOUR)
    await until(() => clock.waiting() === 1)
    expect([reported, asked]).toEqual([[gone, gone], 0])
    stop()
  })
})
