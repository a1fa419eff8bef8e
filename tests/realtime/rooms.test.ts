import { expect, test } from "bun:test"
import { openRooms } from "../../realtime/rooms.ts"
import type { Message } from "../../src/bus/bus.ts"
import { inProcessBus } from "../../src/bus/in-process.ts"
import { until } from "../until.ts"

const read = (educator: number): Message => ({
  kind: "read",
  educator,
  ids: [1],
  all: false,
  readAt: "2026-11-22T05:30:00.000Z",
  unread: 0,
  origin: undefined,
})

/** The embedded bus, with its subscriptions counted and each acknowledgement held back until `acknowledge` is called. */
function watchedBus({ held = false } = {}) {
  const bus = inProcessBus(() => {})
  const acknowledged = Promise.withResolvers<void>()
  if (!held) acknowledged.resolve()
  const watched = {
    bus,
    subscriptions: 0,
    ended: 0,
    acknowledge: acknowledged.resolve,
    async subscribe(educator: number, listener: (message: Message) => void) {
      watched.subscriptions += 1
      await acknowledged.promise
      const end = await bus.subscribe(educator, listener)
      return () => {
        watched.ended += 1
        return end()
      }
    },
  }
  return watched
}

function seat() {
  const heard: Message[] = []
  return { heard, push: (message: Message) => void heard.push(message) }
}

test("all sockets of an educator share one subscription, which the last one to leave ends", async () => {
  const watched = watchedBus()
  const rooms = openRooms(watched, () => {}, 1)
  const seats = [seat(), seat(), seat()] as const
  await Promise.all(seats.map((one) => rooms.join(42, one)))
  await watched.bus.publish([read(42), read(43)])
  expect(seats.map(({ heard }) => heard)).toEqual([[read(42)], [read(42)], [read(42)]])
  expect(watched.subscriptions).toBe(1)
  for (const one of seats) rooms.leave(42, one)
  await until(() => watched.ended === 1)
  expect(rooms.size).toBe(0)
})

test("join waits for the subscription to be acknowledged", async () => {
  const watched = watchedBus({ held: true })
  const rooms = openRooms(watched, () => {})
  let joined = false
  const joining = rooms.join(42, seat()).then(() => {
    joined = true
  })
  await Bun.sleep(5)
  expect(joined).toBe(false)
  watched.acknowledge()
  await joining
  await rooms.close()
})

test("a page reload costs no subscription", async () => {
  const watched = watchedBus()
  const rooms = openRooms(watched, () => {}, 60_000)
  const before = seat()
  const after = seat()
  await rooms.join(42, before)
  rooms.leave(42, before)
  await rooms.join(42, after)
  await watched.bus.publish([read(42)])
  expect([before.heard.length, after.heard.length]).toEqual([0, 1])
  expect(watched.subscriptions).toBe(1)
  await rooms.close()
  expect(watched.ended).toBe(1)
})

test("leaving and coming back do not cross: whoever joins while a room closes still hears", async () => {
  const watched = watchedBus()
  const rooms = openRooms(watched, () => {}, 0)
  for (let round = 0; round < 50; round++) {
    const one = seat()
    await rooms.join(42, one)
    rooms.leave(42, one)
    if (round % 2) await Bun.sleep(0)
    const next = seat()
    await rooms.join(42, next)
    await watched.bus.publish([read(42)])
    expect(next.heard.length).toBe(1)
    rooms.leave(42, next)
  }
  await until(() => watched.ended === watched.subscriptions)
})

test("a subscription that fails is forgotten, so that the next socket tries again", async () => {
  const bus = inProcessBus(() => {})
  let failing = true
  const rooms = openRooms(
    {
      subscribe: (educator, listener) =>
        failing ? Promise.reject(new Error("no bus")) : bus.subscribe(educator, listener),
    },
    () => {},
  )
  expect(rooms.join(42, seat())).rejects.toThrow("no bus")
  await until(() => rooms.size === 0)
  failing = false
  const one = seat()
  await rooms.join(42, one)
  await bus.publish([read(42)])
  expect(one.heard.length).toBe(1)
  await rooms.close()
})
