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

describe("a history that may be behind what its clients have seen", () => {
  /** The cursor of a client that was given one, and whose process knew a little more than this history. */
  async function ahead() {
    const clock = fakeClock()
    const world = rig({ clock })
    await clock.pass(0)
    const first = world.connect(42)
    await clock.settle()
    first.leave()
    const [, store, educator, known = "", ...rest] = String(first.cursor()).split(".")
    const more = Number.parseInt(known, 36) + 100
    const offset = ["2", store, educator, more.toString(36), ...rest].join(".")
    let reads = 0
    Object.assign(world.history, {
      lag: 1_000_000,
      since(query: Parameters<typeof world.store.since>[0]) {
        if (query.limit < 20_000) reads += 1
        return world.store.since(query)
      },
    })
    return { clock, world, more, client: world.connect(42, { offset }), reads: () => reads }
  }

  test("is read twice a second until it shows that, and then replayed", async () => {
    const { clock, world, more, client, reads } = await ahead()
    await using _ = world
    await clock.pass(2_900)
    expect([client.events(), reads()]).toEqual([[], 6])
    world.history.since = async (query) => ({ ...(await world.store.since(query)), known: more })
    const told = await world.tell([42])
    await clock.pass(100)
    expect([client.ids(), client.refreshes()]).toEqual([told, []])
  })

  test("is read for 10 s at most: the client is told to list again", async () => {
    const { clock, world, client } = await ahead()
    await using _ = world
    await clock.pass(9_900)
    expect(client.events()).toEqual([])
    await clock.pass(100)
    expect(client.events()).toEqual([EVENTS.refresh, EVENTS.count])
  })
})

test("a first position is not taken while more stands above the mark than can be kept apart", async () => {
  const clock = fakeClock()
  await using world = rig({ clock })
  await clock.pass(0)
  world.history.since = async (query) => ({ ...(await world.store.since(query)), more: query.after === undefined })
  const client = world.connect(42)
  await clock.settle()
  expect(client.events()).toEqual([])
  world.history.since = world.store.since
  await clock.pass(1_000)
  expect(client.counts()).toEqual([0])
})

describe("while a position is read", () => {
  /** A rig of which the first such call answers, with what was so when it was asked, when it is let go. */
  async function held(method: "since" | "unread") {
    const clock = fakeClock()
    const world = rig({ clock })
    await clock.pass(0)
    const gate = Promise.withResolvers<void>()
    const ask = world.history[method] as (asked: never) => Promise<unknown>
    let asked = 0
    Object.assign(world.history, {
      async [method](query: never) {
        asked += 1
        const answer = await ask(query)
        if (asked === 1) await gate.promise
        return answer
      },
    })
    return { clock, world, letGo: gate.resolve, asked: () => asked }
  }

  test("what comes waits behind it, and follows at once", async () => {
    const { clock, world, letGo } = await held("since")
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const told = await world.tell([42])
    const read = { ids: [1], readAt: "2026-11-23T00:00:00.000Z", unread: 0, all: false, origin: undefined }
    await world.bus.publish([{ kind: "read", store: world.store.store, educator: 42, ...read }])
    expect([client.events(), world.delivery.waiting]).toEqual([[], 1])
    letGo()
    await clock.settle()
    expect([client.events()[0], client.ids(), client.reads().length]).toEqual([EVENTS.count, told, 1])
  })

  test("a count that is newer than its own is told after it", async () => {
    const { clock, world, letGo } = await held("unread")
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    await world.tell([42])
    await clock.pass(0)
    letGo()
    await clock.settle()
    expect(client.counts()).toEqual([0, 1])
  })

  test("a look that finds nothing for it does not have it read again", async () => {
    const { clock, world, letGo, asked } = await held("since")
    await using _ = world
    const client = world.connect(42)
    await clock.pass(5_000)
    expect(asked()).toBe(2)
    letGo()
    await clock.settle()
    expect([client.counts(), asked()]).toEqual([[0], 2])
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
    let reads = 0
    world.history.since = (query) => {
      reads += 1
      return world.store.since(query)
    }
    const told: number[] = []
    for (let batch = 0; batch < 10; batch++) {
      told.push(...(await world.tell([42], 1000)))
      await until(() => client.ids().length === told.length)
    }
    expect(client.ids()).toEqual(told)
    const cursors = client.heard.flatMap(({ args }) => decodeCursor(args.at(-1)) ?? [])
    expect(Math.max(...cursors.map(({ ids }) => ids?.length ?? Number.POSITIVE_INFINITY))).toBeLessThan(MOST_IDS)
    expect(reads).toBeLessThan(100)
  })

  test("is not looked at for each of a burst, though it lacks one and so has a long cursor", async () => {
    const clock = fakeClock()
    await using world = rig({ clock })
    const client = world.connect(42)
    await clock.pass(0)
    const [missed] = await world.record([42])
    let reads = 0
    world.history.since = (query) => {
      reads += 1
      return world.store.since(query)
    }
    const told = await world.tell([42], 1000)
    await clock.settle()
    expect([client.ids(), reads]).toEqual([told, 4])
    expect(decodeCursor(client.cursor())).toMatchObject({ watermark: (missed?.position ?? 0) - 1, ids: undefined })
    await clock.pass(5_000)
    expect(client.ids()).toEqual([...told, missed?.id ?? 0])
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
    // The client takes a string at the end for its cursor.
    expect(client.heard.map(({ args }) => typeof args.at(-1))).toEqual(["object", "string"])
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
    const forged = ["2", world.store.store, educator, known, later, ""].join(".")
    for (const offset of [await cursorOf(other, 42), await cursorOf(world, 43), future, forged]) {
      const client = world.connect(42, { offset })
      await until(() => client.counts().length > 0)
      expect(client.refreshes()).toEqual([{ 이유: "cursor_invalid" }])
      await world.tell([42])
      await until(() => client.ids().length === 1)
      client.leave()
    }
  })

  test("is told apart from what it missed, though it is more than would be replayed", async () => {
    const clock = fakeClock()
    await using world = rig({ clock })
    const first = world.connect(42)
    await clock.pass(0)
    const [missed] = await world.record([42])
    const told = await world.tell([42], REPLAY_AT_MOST + 1)
    await clock.settle()
    first.leave()
    expect(first.ids()).toEqual(told)
    const next = world.connect(42, { offset: first.cursor() })
    await clock.settle()
    expect([next.ids(), next.refreshes()]).toEqual([[missed?.id ?? 0], []])
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
    expect(decodeCursor(replayed.cursor())).toMatchObject({ watermark: told.at(-1), ids: [] })
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

describe("a transport that does not take what it is sent", () => {
  /** Takes two notifications, and then nothing before it is let go. */
  function slowTransport() {
    const gate = Promise.withResolvers<void>()
    let open = false
    let asked = 0
    gate.promise.then(() => {
      open = true
    })
    return { letGo: gate.resolve, taken: () => (open || ++asked < 3 ? undefined : gate.promise) }
  }

  test("is sent no more until it has taken that, then the rest", async () => {
    await using world = rig()
    const first = world.connect(42)
    await until(() => first.counts().length > 0)
    first.leave()
    const told = await world.tell([42], 10)
    const { letGo, taken } = slowTransport()
    const client = world.connect(42, { offset: first.cursor(), taken })
    await until(() => client.ids().length === 3)
    told.push(...(await world.tell([42])))
    await new Promise(setImmediate)
    expect([client.ids().length, client.counts().length]).toEqual([3, 0])
    letGo()
    await until(() => client.ids().length >= told.length)
    expect(client.ids()).toEqual(told)
  })

  test.each([
    ["a thousand notifications", 2_200, 10],
    ["a mebibyte", 40, 60_000],
  ])("is closed when %s are too many for it again, and comes back to all of it", async (_, count, bytes) => {
    await using world = rig()
    const { taken } = slowTransport()
    const client = world.connect(42, { taken })
    await until(() => client.counts().length > 0)
    await world.tell([42], 4)
    await until(() => client.ids().length === 3)
    await world.tell([42], count, { padding: "x".repeat(bytes) })
    await until(() => client.dropped() > 0)
    expect(client.dropped()).toBe(1)
    const next = world.connect(42, { offset: client.cursor() })
    await until(() => next.counts().length > 0)
    expect(next.refreshes().length > 0 || client.ids().length + next.ids().length === count + 4).toBe(true)
  })
})

test("a transport that takes what it is sent, but slowly, is not closed for what is handed to it amid its replay", async () => {
  await using world = rig()
  const first = world.connect(42)
  await until(() => first.counts().length > 0)
  first.leave()
  const missed = await world.record([42], 40, { padding: "x".repeat(60_000) })
  let taking = 0
  const client = world.connect(42, {
    offset: first.cursor(),
    taken: () => new Promise((taken) => setTimeout(taken, taking++ % 3)),
  })
  await until(() => client.ids().length > 3)
  const { store: name, known } = world.store
  for (let time = 0; time < 3; time++) {
    await world.bus.publish(
      missed.map((notification) => ({ kind: "recorded", educator: 42, notification, store: name, known })),
    )
    const given = client.ids().length
    await until(() => client.ids().length > given)
  }
  await until(() => client.counts().length > 0)
  expect(client.ids()).toEqual(missed.map(({ id }) => id))
  expect(client.dropped()).toBe(0)
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
  expect(client.reads().length).toBeLessThan(1000)
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
    expect([client.events(), world.delivery.waiting, world.failures.length]).toEqual([[], 1, 6])
    const told = await world.tell([42])
    world.history.unread = world.store.unread
    await clock.pass(10_000)
    expect([client.counts()[0], client.ids(), world.delivery.waiting]).toEqual([1, [], 0])
    await world.tell([42])
    await clock.pass(200)
    expect(client.ids()).toHaveLength(1)
    expect(client.ids()).not.toEqual(told)
  })

  test("is not asked any more for a socket that has left", async () => {
    const clock = fakeClock()
    await using world = rig({ clock })
    await clock.pass(0)
    let asked = 0
    world.history.unread = () => {
      asked += 1
      return away()
    }
    const client = world.connect(42)
    await clock.settle()
    client.leave()
    await clock.pass(3_000)
    expect(asked).toBe(1)
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

  test("amid a long replay gives the rest later, and nothing twice", async () => {
    const clock = fakeClock()
    await using world = rig({ clock })
    const first = world.connect(42)
    await clock.pass(0)
    first.leave()
    const told = await world.tell([42], REPLAY_AT_MOST)
    let asked = 0
    world.history.since = (query) => (++asked === 2 ? away() : world.store.since(query))
    const client = world.connect(42, { offset: first.cursor() })
    await clock.settle()
    expect(client.ids().length).toBeLessThan(told.length)
    await clock.pass(1_000)
    expect([client.ids(), client.refreshes()]).toEqual([told, []])
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
    expect(world.delivery.waiting).toBe(1)
    broken = false
    told.push(...(await world.tell([42])))
    await clock.pass(1_000)
    expect(client.ids()).toEqual(told)
  })
})

describe("a line that breaks", () => {
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
})
