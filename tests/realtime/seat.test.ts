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

/** Records an event and publishes it, as `notify` does. */
async function tell(to: number) {
  events += 1
  const event = {
    source: "lms",
    id: String(events),
    type: "question.asked",
    student: 7,
    data: { courseId: 3 },
    occurredAt: new Date().toISOString(),
  }
  const [recorded] = await history.record([{ event, recipients: [to] }])
  const [notification] = recorded?.notifications ?? []
  if (!notification) throw new Error("It was not recorded")
  await bus.publish([{ kind: "recorded", educator: to, notification }])
  return notification.id
}

/**
 * A client's connection: it keeps what arrives until the line breaks, `lives` emissions after the connection was made, and brings its
 * last cursor to the next.
 */
function connection(to: number, offset: string | undefined, lives: number, slowness: () => Promise<void>) {
  const got: number[] = []
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
      const cursor = args.at(-1)
      if (typeof cursor === "string") last = cursor
      if (left === 0) ends.resolve()
    },
    delivered() {},
    report(error) {
      throw error
    },
  })
  return {
    got,
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
          for (let n = 0; n < before; n++) told.push(await tell(to))
          const line = connection(to, cursor, emissions, async () => {
            for (let n = 0; n < slow; n++) await Promise.resolve()
          })
          const started = line.start()
          for (let n = 0; n < during; n++) told.push(await tell(to))
          await started
          line.leave()
          for (let n = 0; n < away; n++) told.push(await tell(to))
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
