import { describe, expect, test } from "bun:test"
import { decodeCursor } from "../../realtime/cursor.ts"
import type { Receiver } from "../../src/bus/bus.ts"
import { Problem } from "../../src/problem.ts"
import { EVENTS } from "../../src/wire.ts"
import { fakeClock } from "../fake-clock.ts"
import { plainly, rig } from "./rig.ts"

const away = () => Promise.reject(new Problem("unavailable", "away"))

/** A rig whose time is moved by hand, and which has looked into history once. */
async function stillWorld(more: Omit<Parameters<typeof rig>[0] & object, "clock"> = {}) {
  const clock = fakeClock()
  const world = rig({ clock, ...more })
  await clock.pass(0)
  return { clock, world }
}

describe("the tail", () => {
  test("brings within 5 s what somebody recorded who died before publishing, to every tab, once", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const tabs = [world.connect(42), world.connect(42), world.connect(43)]
    await clock.settle()
    const [notification] = await world.record([42])
    await clock.pass(4_900)
    expect(tabs.map((tab) => tab.ids())).toEqual([[], [], []])
    await clock.pass(5_100)
    expect(tabs.map((tab) => tab.ids().map((id) => id === notification?.id))).toEqual([[true], [true], []])
    expect(world.ways).toEqual(["tail", "tail"])
  })

  test("leaves what the bus has brought, and moves the watermark past it", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const [id = 0] = await world.tell([42])
    let read = 0
    world.history.read = (ids) => {
      read += 1
      return world.store.read(ids)
    }
    await clock.pass(5_000)
    await world.tell([42])
    await clock.settle()
    expect([read, world.ways]).toEqual([0, ["bus", "bus"]])
    expect(decodeCursor(client.cursor())?.watermark).toBe(id)
  })

  test("hurries while the bus is doubtful, and looks at once when something may have been missed", async () => {
    let doubt = () => {}
    const bus = {
      doubtful: true,
      deliver(receiver: Receiver) {
        doubt = receiver.doubt
      },
    }
    const { clock, world } = await stillWorld({ bus })
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    await world.record([42])
    await clock.pass(2_000)
    expect(client.ids()).toHaveLength(1)
    await world.record([42])
    doubt()
    await clock.settle()
    expect(client.ids()).toHaveLength(2)
    bus.doubtful = false
  })

  test("tries again when history does not answer: nothing is skipped", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const before = client.cursor()
    await world.record([42])
    world.history.since = away
    await clock.pass(12_000)
    expect(world.failures.length).toBeGreaterThan(1)
    expect(world.delivery.markAge).toBeGreaterThan(10_000)
    world.history.since = world.store.since
    await clock.pass(5_000)
    expect(client.ids()).toHaveLength(1)
    expect(before).not.toBe(client.cursor())
    expect(world.delivery.markAge).toBeLessThan(5_000)
  })

  test("is not needed for a message that comes minutes late: it is given, whatever its age", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const [notification] = await world.record([42])
    if (!notification) throw new Error("nothing was recorded")
    world.history.since = away
    await clock.pass(5 * 60_000)
    const { store, known } = world.store
    await world.bus.publish([{ kind: "recorded", store, educator: 42, notification, known }])
    await clock.settle()
    expect([client.ids(), world.ways]).toEqual([[notification.id], ["bus"]])
    world.history.since = world.store.since
    await clock.pass(10_000)
    expect(client.ids()).toEqual([notification.id])
  })

  test("hands no mark over whose rows could not be read", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const [missed] = await world.record([42])
    world.history.read = away
    await clock.pass(5_000)
    // A live one, whose cursor must not claim the one that could not be read.
    const [live] = await world.tell([42])
    await clock.settle()
    expect(client.ids()).toEqual([live ?? 0])
    expect(decodeCursor(client.cursor())?.watermark).toBeLessThan(missed?.id ?? 0)
    world.history.read = world.store.read
    await clock.pass(5_000)
    expect(client.ids()).toEqual([live ?? 0, missed?.id ?? 0])
  })

  test("hands a mark to no room that was not in the same read", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    world.connect(42)
    await clock.settle()
    // The look for 42 is on its way while 43 connects, and while somebody records for 43 without a word.
    const gate = Promise.withResolvers<void>()
    world.history.since = async (query) => {
      if (query.after !== undefined) await gate.promise
      return world.store.since(query)
    }
    await clock.pass(5_000)
    const late = world.connect(43)
    await clock.settle()
    expect(late.counts()).toEqual([0])
    const [missed] = await world.record([43])
    gate.resolve()
    await clock.pass(10_000)
    expect(late.ids()).toEqual([missed?.id ?? 0])
  })

  test("lets no mark overtake what waits for a slow socket", async () => {
    let held: Promise<void> | undefined
    const { clock, world } = await stillWorld({
      async present(notifications, language) {
        await held
        return plainly(notifications, language)
      },
    })
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const gate = Promise.withResolvers<void>()
    held = gate.promise
    const told = await world.tell([42])
    told.push(...(await world.tell([42], 3)))
    await clock.pass(15_000)
    expect(client.ids()).toEqual([])
    gate.resolve()
    await clock.pass(1_000)
    expect(client.ids()).toEqual(told)
  })

  test("has a seat read for itself that joins its room while a look is on its way", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const position = Promise.withResolvers<void>()
    world.history.since = async (query) => {
      const answer = await world.store.since(query)
      if (query.after === undefined) await position.promise
      return answer
    }
    // The tab has read where it stands, but the answer is on its way; the look that comes between sees what is recorded meanwhile.
    const late = world.connect(42)
    await clock.settle()
    const [missed] = await world.record([42])
    await clock.pass(5_000)
    position.resolve()
    await clock.pass(10_000)
    expect(late.ids()).toEqual([missed?.id ?? 0])
  })

  test("has every seat read for itself when there is more than one answer holds, and others get theirs", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const clients = [world.connect(42), world.connect(43)]
    await clock.settle()
    for (let part = 0; part < 21; part++) await world.record([42], 1000)
    await world.record([43])
    await clock.pass(6_000)
    expect(clients[0]?.refreshes()).toEqual([{ 이유: "too_many_missed" }])
    expect(clients[0]?.ids()).toEqual([])
    expect(clients[1]?.ids()).toHaveLength(1)
  })
})

describe("a room", () => {
  test("presents once for each language and counts once, however many tabs there are", async () => {
    const presented: string[] = []
    const { clock, world } = await stillWorld({
      present(notifications, language) {
        if (notifications.length > 0) presented.push(language)
        return plainly(notifications, language)
      },
    })
    await using _ = world
    const tabs = Array.from({ length: 12 }, (_, index) => world.connect(42, { language: index % 2 ? "ko" : "en" }))
    await clock.settle()
    const before = world.counts()
    await world.tell([42])
    await clock.pass(1_000)
    expect(tabs.every((tab) => tab.ids().length === 1 && tab.counts().at(-1) === 1)).toBe(true)
    expect([presented.toSorted(), world.counts() - before]).toEqual([["en", "ko"], 1])
  })

  test("counts at most five times a second, the last time after the last row", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const before = world.counts()
    for (let n = 0; n < 50; n++) {
      await world.tell([42])
      await clock.pass(20)
    }
    await clock.pass(200)
    expect(world.counts() - before).toBeLessThanOrEqual(7)
    expect(client.counts().at(-1)).toBe(50)
    const last = client.events().lastIndexOf(EVENTS.notification)
    expect(client.events().lastIndexOf(EVENTS.count)).toBeGreaterThan(last)
  })

  test("counts again after five minutes, when another process may have marked some read without being heard", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    await world.tell([42])
    await clock.pass(1_000)
    await world.store.markRead(42, { all: true }, "2026-11-23T00:00:00.000Z")
    await clock.pass(310_000)
    expect(client.counts().at(-1)).toBe(0)
  })

  test("tells the other tabs what one has read", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const [reader, other] = [world.connect(42, { id: "reader" }), world.connect(42, { id: "other" })]
    await clock.settle()
    const marked = { ids: [1], readAt: "2026-11-23T00:00:00.000Z", unread: 0, all: false }
    await world.bus.publish([{ kind: "read", store: world.store.store, educator: 42, origin: "reader", ...marked }])
    await clock.settle()
    expect([reader.reads().length, other.reads()]).toEqual([
      0,
      [{ 알림_고유_아이디: [1], 열람일: "2026-11-23T00:00:00.000Z", 안읽은_수: 0 }],
    ])
  })

  test("drops what another store's process publishes on the same bus", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const [notification] = await world.record([43])
    if (!notification) throw new Error("nothing was recorded")
    const strange = { ...notification, educator: 42, position: notification.position + 1 }
    const known = Number.MAX_SAFE_INTEGER
    const marked = { ids: [1], readAt: "2026-11-23T00:00:00.000Z", unread: 0, all: false, origin: undefined }
    await world.bus.publish([
      { kind: "recorded", store: "another", educator: 42, notification: strange, known },
      { kind: "read", store: "another", educator: 42, ...marked },
    ])
    await clock.pass(1_000)
    expect([client.ids(), client.reads(), world.strangers(), world.store.known < known]).toEqual([[], [], 2, true])
  })
})
