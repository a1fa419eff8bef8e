import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { decodeCursor, MOST_IDS } from "../../realtime/cursor.ts"
import { REPLAY_AT_MOST } from "../../realtime/position.ts"
import { Problem } from "../../src/problem.ts"
import { EVENTS } from "../../src/wire.ts"
import { fakeClock } from "../fake-clock.ts"
import { until } from "../until.ts"
import { plainly, rig } from "./rig.ts"

const away = () => Promise.reject(new Problem("unavailable", "away"))

describe("a first connection", () => {
  test("takes its position, and says so with the count before anything else", async () => {
    await using world = rig()
    await world.tell([42], 1300)
    const client = world.connect(42)
    await until(() => client.counts().length > 0)
    await world.tell([42])
    await until(() => client.ids().length === 1)
    expect(client.events().slice(0, 2)).toEqual([EVENTS.count, EVENTS.notification])
    expect(client.counts()[0]).toBe(1300)
  })

  test("may break before its first count: the next one takes a position of its own", async () => {
    await using world = rig()
    const broken = world.connect(42, { lives: 0 })
    await world.tell([42])
    broken.leave()
    const client = world.connect(42, { offset: broken.cursor() })
    await until(() => client.counts().length > 0)
    expect([client.counts(), client.ids()]).toEqual([[1], []])
  })
})

describe("a line that breaks", () => {
  test("after any emission, with events in between and a slow directory, loses nothing and doubles nothing", async () => {
    let slowness = 0
    await using world = rig({
      async present(notifications, language) {
        for (let turn = 0; turn < slowness; turn++) await Promise.resolve()
        return plainly(notifications, language)
      },
    })
    let educator = 0
    const life = fc.record({
      lives: fc.nat(6),
      before: fc.nat(4),
      during: fc.nat(4),
      away: fc.nat(4),
      slow: fc.nat(3),
      heard: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 5 }), async (all) => {
        educator += 1
        const told: number[] = []
        const got: number[] = []
        /** Told by the bus, or recorded by somebody who could not say so. */
        const tell = async (count: number, heard: boolean) => {
          for (let n = 0; n < count; n++)
            told.push(...(heard ? await world.tell([educator]) : (await world.record([educator])).map(({ id }) => id)))
        }
        // The first connection takes its stand before anything is told.
        const first = world.connect(educator, { lives: 1 })
        await until(first.broken)
        first.leave()
        let cursor = first.cursor()

        for (const { lives, before, during, away, slow, heard } of all) {
          slowness = slow
          await tell(before, heard)
          const line = world.connect(educator, { offset: cursor, lives })
          await tell(during, heard)
          line.leave()
          await tell(away, heard)
          got.push(...line.ids())
          cursor = line.cursor()
        }
        const last = world.connect(educator, { offset: cursor })
        await until(() => got.length + last.ids().length >= told.length)
        last.leave()
        expect([...got, ...last.ids()].toSorted((a, b) => a - b)).toEqual(told)
      }),
      { numRuns: 200 },
    )
  }, 60_000)

  test("in the middle of a batch leaves the rest of it to the next connection", async () => {
    await using world = rig()
    const line = world.connect(42, { lives: 3 })
    await until(() => line.counts().length > 0)
    const told = await world.tell([42], 10)
    await until(line.broken)
    line.leave()
    expect(line.ids()).toEqual(told.slice(0, 2))
    const next = world.connect(42, { offset: line.cursor() })
    await until(() => next.counts().length > 0)
    expect(next.ids()).toEqual(told.slice(2))
  })
})

describe("what one socket has", () => {
  test("is not given again when the bus brings a late copy, its position being the watermark's or below", async () => {
    const clock = fakeClock()
    await using world = rig({ clock })
    const client = world.connect(42)
    await clock.pass(0)
    const notifications = await world.record([42], 2)
    const copies = notifications.map((notification) => {
      return { kind: "recorded" as const, educator: 42, notification, store: world.store.store, known: notification.id }
    })
    await world.bus.publish(copies)
    await clock.pass(5_000)
    expect(client.ids()).toHaveLength(2)
    await world.bus.publish(copies)
    await clock.pass(1_000)
    expect(client.ids()).toHaveLength(2)
    expect(decodeCursor(client.cursor())).toMatchObject({ watermark: notifications[1]?.id, ids: [] })
  })

  test("makes no long cursor of a burst, however many come before the next look into history", async () => {
    await using world = rig()
    const client = world.connect(42)
    await until(() => client.counts().length > 0)
    const told: number[] = []
    for (let batch = 0; batch < 10; batch++) {
      told.push(...(await world.tell([42], 1000)))
      await until(() => client.ids().length === told.length)
    }
    expect(client.ids()).toEqual(told)
    const cursors = client.heard.flatMap(({ args }) => decodeCursor(args.at(-1)) ?? [])
    expect(Math.max(...cursors.map(({ ids }) => ids?.length ?? Number.POSITIVE_INFINITY))).toBeLessThan(MOST_IDS)
  })

  test.each([
    ["rubbish", "cursor_invalid"],
    [{ $gt: "" }, "cursor_invalid"],
    ["1.abc.1,2,3", "cursor_invalid"],
  ])("is unknown when the cursor is %p: one refresh, then a good one", async (offset, reason) => {
    await using world = rig()
    await world.tell([42], 3)
    const client = world.connect(42, { offset })
    await until(() => client.counts().length > 0)
    expect(client.events()).toEqual([EVENTS.refresh, EVENTS.count])
    expect(client.refreshes()).toEqual([{ 이유: reason }])
    const next = world.connect(42, { offset: client.cursor() })
    await until(() => next.counts().length > 0)
    expect(next.refreshes()).toEqual([])
  })

  test("is unknown when another store, another educator or the future made the cursor", async () => {
    await using world = rig()
    await using other = rig()
    const cursorOf = async (from: typeof world, educator: number) => {
      await from.tell([educator])
      const client = from.connect(educator)
      await until(() => client.counts().length > 0)
      return String(client.cursor())
    }
    const own = await cursorOf(world, 42)
    const [, , educator, known = ""] = own.split(".")
    const later = (Number.parseInt(known, 36) + 4096 * 3_600_000).toString(36)
    const future = ["2", world.store.store, educator, later, later, ""].join(".")
    for (const offset of [await cursorOf(other, 42), await cursorOf(world, 43), future]) {
      const client = world.connect(42, { offset })
      await until(() => client.counts().length > 0)
      expect(client.refreshes()).toEqual([{ 이유: "cursor_invalid" }])
      await world.tell([42])
      await until(() => client.ids().length === 1)
      client.leave()
    }
  })

  test("is unknown when the cursor could not name it all: one refresh", async () => {
    await using world = rig()
    await world.tell([42], 3)
    const first = world.connect(42)
    await until(() => first.counts().length > 0)
    const client = world.connect(42, { offset: `${first.cursor()}*` })
    await until(() => client.counts().length > 0)
    expect([client.refreshes(), client.ids()]).toEqual([[{ 이유: "too_many_missed" }], []])
  })

  test(`is replayed up to ${REPLAY_AT_MOST} missed ones, beyond that there is one refresh`, async () => {
    await using world = rig()
    const first = world.connect(42)
    await until(() => first.counts().length > 0)
    first.leave()
    const told = await world.tell([42], REPLAY_AT_MOST)
    const replayed = world.connect(42, { offset: first.cursor() })
    await until(() => replayed.counts().length > 0)
    expect(replayed.ids()).toEqual(told)
    replayed.leave()
    await world.tell([42])
    const refreshed = world.connect(42, { offset: first.cursor() })
    await until(() => refreshed.counts().length > 0)
    expect([refreshed.ids(), refreshed.refreshes()]).toEqual([[], [{ 이유: "too_many_missed" }]])
  })
})

describe("more than may wait for a slow socket", () => {
  /** A live connection whose directory stops answering, 1100 events meanwhile, and its line, which breaks so many emissions later. */
  async function flooded(lives: number) {
    let held: Promise<void> | undefined
    const gate = Promise.withResolvers<void>()
    const world = rig({
      async present(notifications, language) {
        await held
        return plainly(notifications, language)
      },
    })
    const line = world.connect(42, { lives: 1 + lives })
    await until(() => line.counts().length > 0)
    held = gate.promise
    await world.tell([42])
    await world.tell([42], 1100)
    gate.resolve()
    return { world, line }
  }

  test("is dropped, and the client told to list again", async () => {
    const { world, line } = await flooded(Number.POSITIVE_INFINITY)
    await using _ = world
    await until(() => line.refreshes().length === 1)
    expect(line.refreshes()).toEqual([{ 이유: "too_many_missed" }])
    expect(line.ids().length).toBeLessThan(1100)
  })

  test("is not forgotten when the line breaks before the client could be told", async () => {
    const { world, line } = await flooded(1)
    await using _ = world
    await until(line.broken)
    line.leave()
    expect([line.ids().length, line.refreshes().length]).toEqual([1, 0])
    const next = world.connect(42, { offset: line.cursor() })
    await until(() => next.counts().length > 0)
    expect(next.refreshes()).toEqual([{ 이유: "too_many_missed" }])
  })
})

test("what a look into history has found is not forgotten when too much else waits behind it", async () => {
  let held: Promise<void> | undefined
  const clock = fakeClock()
  await using world = rig({
    clock,
    async present(notifications, language) {
      await held
      return plainly(notifications, language)
    },
  })
  const client = world.connect(42)
  await clock.pass(0)
  const gate = Promise.withResolvers<void>()
  held = gate.promise
  const told = await world.tell([42])
  told.push(...(await world.record([42])).map(({ id }) => id))
  await clock.pass(5_000)
  const read = { ids: [1], readAt: "2026-11-23T00:00:00.000Z", unread: 0, all: false, origin: undefined }
  for (let n = 0; n < 1100; n++)
    await world.bus.publish([{ kind: "read", store: world.store.store, educator: 42, ...read }])
  gate.resolve()
  await clock.pass(1_000)
  expect(client.ids()).toEqual(told)
})

describe("a history that does not answer", () => {
  test("keeps the socket waiting, and is asked again after 1, 2, 4 .. seconds", async () => {
    const clock = fakeClock()
    await using world = rig({ clock })
    await clock.pass(0)
    let asked = 0
    world.history.unread = () => {
      asked += 1
      return away()
    }
    const client = world.connect(42)
    await clock.pass(31_000)
    // At 0, 1, 3, 7, 15 and 25 s.
    expect(asked).toBe(6)
    expect([client.events(), world.delivery.waiting]).toEqual([[], 1])
    const told = await world.tell([42])
    world.history.unread = world.store.unread
    await clock.pass(10_000)
    expect([client.counts()[0], client.ids(), world.delivery.waiting]).toEqual([1, [], 0])
    await world.tell([42])
    await clock.pass(200)
    expect(client.ids()).toHaveLength(1)
    expect(client.ids()).not.toEqual(told)
  })

  test("during a replay gives the rest later, and nothing twice", async () => {
    const clock = fakeClock()
    await using world = rig({ clock })
    const first = world.connect(42)
    await clock.pass(0)
    first.leave()
    const told = await world.tell([42], 5)
    world.history.read = away
    const client = world.connect(42, { offset: first.cursor() })
    await clock.settle()
    expect(client.events()).toEqual([])
    told.push(...(await world.tell([42])))
    world.history.read = world.store.read
    await clock.pass(1_000)
    expect(client.ids()).toEqual(told)
    expect(client.refreshes()).toEqual([])
  })

  test("in the middle of what is live: the seat reads again from where it stands", async () => {
    let broken = false
    const clock = fakeClock()
    await using world = rig({
      clock,
      present: (notifications, language) => (broken ? away() : plainly(notifications, language)),
    })
    const client = world.connect(42)
    await clock.pass(0)
    broken = true
    const told = await world.tell([42], 3)
    await clock.pass(500)
    broken = false
    told.push(...(await world.tell([42])))
    await clock.pass(1_000)
    expect(client.ids()).toEqual(told)
  })
})
