import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { decodeCursor } from "../../realtime/cursor.ts"
import { openRooms } from "../../realtime/rooms.ts"
import { takeSeat } from "../../realtime/seat.ts"
import { inProcessBus } from "../../src/bus/in-process.ts"
import type { History } from "../../src/history/history.ts"
import { sqliteHistory } from "../../src/history/sqlite.ts"
import type { Notification } from "../../src/notification.ts"
import { EVENTS, type WireNotification } from "../../src/wire.ts"
import { until } from "../until.ts"

let history: History
const folder = mkdtempSync(join(tmpdir(), "allim-seat-"))
beforeAll(() => {
  history = sqliteHistory({ path: join(folder, "history.sqlite"), fields: [] })
})
afterAll(async () => {
  await history.close()
  rmSync(folder, { recursive: true })
})

const bus = inProcessBus((error) => {
  throw error
})
const rooms = openRooms(bus, () => {}, 0)
let educator = 0
let events = 0

/** Records events and publishes them, as `notify` does; answers the notifications' ids. */
async function tell(to: number, count = 1) {
  const drafts = Array.from({ length: count }, () => {
    events += 1
    const [id, occurredAt] = [String(events), new Date().toISOString()]
    const event = { source: "lms", id, type: "question.asked", student: 7, data: { courseId: 3 }, occurredAt }
    return { event, recipients: [to] }
  })
  const notifications = (await history.record(drafts)).flatMap((recorded) => recorded.notifications)
  await bus.publish(notifications.map((notification) => ({ kind: "recorded", educator: to, notification })))
  return notifications.map(({ id }) => id)
}

/**
 * A client's connection: it keeps what arrives until the line breaks, `lives` emissions after the connection was made, and brings its
 * last cursor to the next.
 */
function connection(to: number, offset: string | undefined, lives: number, slowness: () => Promise<void>) {
  const got: number[] = []
  const refreshes: unknown[] = []
  const ends = Promise.withResolvers<void>()
  let last = offset
  let left = lives
  const seat = takeSeat({
    educator: to,
    id: "socket",
    cursor: offset === undefined ? undefined : decodeCursor(offset),
    history,
    async present(notifications: readonly Notification[]) {
      await slowness()
      return notifications.map((notification) => ({ notification, student: null, title: "", body: "", detail: {} }))
    },
    emit(event, ...args) {
      if (left === 0) return
      left -= 1
      if (event === EVENTS.notification) got.push((args[0] as WireNotification).알림_고유_아이디)
      if (event === EVENTS.refresh) refreshes.push(args[0])
      const cursor = args.at(-1)
      if (typeof cursor === "string") last = cursor
      if (left === 0) ends.resolve()
    },
    delivered() {},
    report(error) {
      throw error
    },
    fail(error) {
      throw error
    },
  })
  return {
    got,
    refreshes,
    ended: ends.promise,
    cursor: () => last,
    start: () => seat.start(() => rooms.join(to, seat)),
    leave: () => rooms.leave(to, seat),
  }
}

describe("a line that breaks", () => {
  test("after any emission, with events in between and a slow directory, loses nothing and doubles nothing", async () => {
    const life = fc.record({
      emissions: fc.nat(6),
      before: fc.nat(4),
      during: fc.nat(4),
      away: fc.nat(4),
      slow: fc.nat(3),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 5 }), async (lives) => {
        educator += 1
        const to = educator
        const told: number[] = []
        const got: number[] = []

        // The first connection takes its stand before anything is told.
        const first = connection(to, undefined, 1, async () => {})
        await first.start()
        await first.ended
        first.leave()
        let cursor = first.cursor()

        for (const { emissions, before, during, away, slow } of lives) {
          for (let n = 0; n < before; n++) told.push(...(await tell(to)))
          const line = connection(to, cursor, emissions, async () => {
            for (let n = 0; n < slow; n++) await Promise.resolve()
          })
          const started = line.start()
          for (let n = 0; n < during; n++) told.push(...(await tell(to)))
          await started
          line.leave()
          for (let n = 0; n < away; n++) told.push(...(await tell(to)))
          got.push(...line.got)
          cursor = line.cursor()
        }

        const last = connection(to, cursor, Number.POSITIVE_INFINITY, async () => {})
        await last.start()
        await until(() => got.length + last.got.length >= told.length)
        last.leave()
        expect([...got, ...last.got].toSorted((a, b) => a - b)).toEqual(told)
      }),
      { numRuns: 200 },
    )
  })
})

describe("more than may wait for a slow socket", () => {
  /** A live connection whose directory stops answering, 1100 events meanwhile, and its line, which breaks so many emissions later. */
  async function flooded(lives: number) {
    educator += 1
    let held: Promise<void> | undefined
    const gate = Promise.withResolvers<void>()
    const line = connection(educator, undefined, 1 + lives, async () => held)
    await line.start()
    held = gate.promise
    await tell(educator)
    await tell(educator, 1100)
    gate.resolve()
    return line
  }

  test("is dropped, and the client told to list again", async () => {
    const line = await flooded(Number.POSITIVE_INFINITY)
    await until(() => line.refreshes.length === 1)
    expect(line.refreshes).toEqual([{ 이유: "too_many_missed" }])
    expect(line.got).toHaveLength(1)
    line.leave()
  })

  test("is not forgotten when the line breaks before the client could be told", async () => {
    const line = await flooded(1)
    await line.ended
    line.leave()
    expect([line.got.length, line.refreshes.length]).toEqual([1, 0])
    const next = connection(educator, line.cursor(), Number.POSITIVE_INFINITY, async () => {})
    await next.start()
    expect(next.refreshes).toEqual([{ 이유: "too_many_missed" }])
    next.leave()
  })
})
