import { describe, expect, test } from "bun:test"
import { decodeCursor } from "../../realtime/cursor.ts"
import { REPLAY_AT_MOST } from "../../realtime/position.ts"
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
    const read: number[] = []
    world.history.read = (ids) => {
      read.push(...ids)
      return world.store.read(ids)
    }
    await clock.pass(4_900)
    expect(tabs.map((tab) => tab.ids())).toEqual([[], [], []])
    await clock.pass(5_100)
    expect(tabs.map((tab) => tab.ids().map((id) => id === notification?.id))).toEqual([[true], [true], []])
    expect(world.ways).toEqual(["tail", "tail"])
    expect(read).toEqual([notification?.id ?? 0])
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
    await clock.pass(1_900)
    expect(client.ids()).toEqual([])
    await clock.pass(100)
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
    expect(world.failures).toHaveLength(1)
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
    expect(world.ways).toEqual(["tail"])
  })

  test(`hands over ${REPLAY_AT_MOST} that a seat lacks one by one; one that lacks more is told to list again`, async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    await world.record([42], REPLAY_AT_MOST)
    await clock.pass(5_000)
    expect([client.ids().length, client.refreshes()]).toEqual([REPLAY_AT_MOST, []])
    await world.record([42], REPLAY_AT_MOST + 1)
    await clock.pass(5_000)
    expect([client.ids().length, client.refreshes()]).toEqual([REPLAY_AT_MOST, [{ 이유: "too_many_missed" }]])
  })

  test("hands over no mark of an answer that was cut off, and looks behind it afterwards", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const [given = 0] = await world.tell([42])
    const [cutOff] = await world.record([42])
    const looks: (number | undefined)[] = []
    world.history.since = async (query) => {
      const answer = await world.store.since(query)
      looks.push(query.after)
      return looks.length === 1 ? { ...answer, entries: answer.entries.slice(0, 1), more: true } : answer
    }
    await clock.pass(5_000)
    expect(client.ids()).toEqual([given, cutOff?.id ?? 0])
    looks.length = 1
    await clock.pass(5_000)
    expect(looks.slice(1)).toEqual([cutOff?.position])
  })

  test("looks no further back than its rooms stand, wherever they were opened", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const [older] = await world.record([42])
    await clock.pass(5_000)
    world.connect(42)
    await clock.settle()
    const looks: (number | undefined)[] = []
    world.history.since = (query) => {
      looks.push(query.after)
      return world.store.since(query)
    }
    const [newer] = await world.record([42])
    await clock.pass(10_000)
    expect(looks).toEqual([older?.position, newer?.position])
  })

  test("asks for all who listen, a thousand at a time, and others have their turn between", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const educators = Array.from({ length: 2_001 }, (_, index) => index + 1)
    const clients = educators.map((educator) => world.connect(educator))
    await clock.settle()
    const recorded = await world.record(educators)
    const looks: [educators: number, limit: number][] = []
    const read: number[] = []
    world.history.since = (query) => {
      looks.push([query.educators.length, query.limit])
      return world.store.since(query)
    }
    world.history.read = (ids) => {
      read.push(...ids)
      return world.store.read(ids)
    }
    clock.advance(5_000)
    await clock.settle()
    expect(looks).toEqual([[1_000, 20_000]])
    await clock.pass(0)
    expect(looks.map(([educators]) => educators)).toEqual([1_000, 1_000, 1])
    expect(read).toEqual(recorded.map(({ id }) => id))
    expect(clients.flatMap((client) => client.ids())).toEqual(read)
  })

  test("asks every second until history has answered for the first time, and nobody is seated before", async () => {
    const clock = fakeClock()
    await using world = rig({ clock })
    let asked = 0
    world.history.since = () => {
      asked += 1
      return away()
    }
    const client = world.connect(42)
    await clock.pass(3_000)
    expect([asked, client.events(), world.delivery.rooms]).toEqual([4, [], 0])
    world.history.since = world.store.since
    await clock.pass(1_000)
    expect([client.counts(), world.delivery.rooms]).toEqual([[0], 1])
  })

  test("looks once at a time: doubts during a look bring one more behind it, and then there is the usual pause", async () => {
    let doubt = () => {}
    const { clock, world } = await stillWorld({
      bus: {
        deliver(receiver: Receiver) {
          doubt = receiver.doubt
        },
      },
    })
    await using _ = world
    await clock.pass(2_000)
    const gate = Promise.withResolvers<void>()
    let looks = 0
    world.history.since = async (query) => {
      looks += 1
      await gate.promise
      return world.store.since(query)
    }
    for (let n = 0; n < 3; n++) doubt()
    await clock.settle()
    expect(looks).toBe(1)
    gate.resolve()
    await clock.pass(4_900)
    expect(looks).toBe(2)
    await clock.pass(4_900)
    expect(looks).toBe(3)
  })

  test("says for how long history could not be seen to be complete any further: one that is still is complete", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    await world.record([42])
    await clock.pass(60_000)
    expect(world.delivery.markAge).toBeLessThanOrEqual(5_000)
    const { known } = world.store
    // The mark of a replica set is behind what is known.
    const answer = (mark: number) => {
      world.history.since = async () => ({ entries: [], more: false, mark, known: known + 100 })
    }
    answer(known)
    await clock.pass(20_000)
    expect(world.delivery.markAge).toBeGreaterThanOrEqual(20_000)
    answer(known + 1)
    await clock.pass(5_000)
    expect(world.delivery.markAge).toBeLessThanOrEqual(5_000)
  })

  test("ends when delivery is closed", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    world.delivery.close()
    expect(clock.waiting()).toBe(0)
  })

  test("ends when delivery is closed, also amid a look, and no doubt brings it back", async () => {
    let doubt = () => {}
    const unfollowed: number[] = []
    const { clock, world } = await stillWorld({
      bus: {
        deliver(receiver: Receiver) {
          doubt = receiver.doubt
        },
        unfollow: (educator) => void unfollowed.push(educator),
      },
    })
    await using _ = world
    const clients = [world.connect(42), world.connect(43)]
    await clock.settle()
    clients[1]?.leave()
    const gate = Promise.withResolvers<void>()
    let looks = 0
    world.history.since = async (query) => {
      looks += 1
      await gate.promise
      return world.store.since(query)
    }
    doubt()
    world.delivery.close()
    gate.resolve()
    await clock.pass(0)
    doubt()
    await clock.settle()
    expect([looks, clock.waiting(), unfollowed, world.delivery.rooms]).toEqual([1, 0, [42, 43], 0])
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
    await world.tell([42])
    await clock.pass(0)
    expect(client.counts()).toEqual([0, 1])
    for (let n = 1; n < 50; n++) {
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

  test("counts again what has changed while it was counting, and after a count that failed", async () => {
    const { clock, world } = await stillWorld()
    await using _ = world
    const client = world.connect(42)
    await clock.settle()
    const gate = Promise.withResolvers<void>()
    world.history.unread = async (educator) => {
      const unread = await world.store.unread(educator)
      await gate.promise
      return unread
    }
    await world.tell([42])
    await clock.pass(0)
    await world.tell([42])
    gate.resolve()
    await clock.pass(1_000)
    expect(client.counts()).toEqual([0, 1, 2])
    world.history.unread = away
    await world.tell([42])
    await clock.pass(0)
    world.history.unread = world.store.unread
    await clock.pass(1_000)
    expect([client.counts(), world.failures.length]).toEqual([[0, 1, 2, 3], 1])
  })

  test("counts again when the bus may have missed that some were read", async () => {
    let doubt = () => {}
    const { clock, world } = await stillWorld({
      bus: {
        deliver(receiver: Receiver) {
          doubt = receiver.doubt
        },
      },
    })
    await using _ = world
    await world.record([42])
    const client = world.connect(42)
    await clock.settle()
    await world.store.markRead(42, { all: true }, "2026-11-23T00:00:00.000Z")
    doubt()
    await clock.pass(1_000)
    expect(client.counts()).toEqual([1, 0])
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
    // The client takes a string at the end for its cursor.
    expect(other.heard.at(-1)?.args).toEqual(other.reads())
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
