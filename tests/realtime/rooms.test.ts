import { expect, test } from "bun:test"
import { fakeClock } from "../fake-clock.ts"
import { rig } from "./rig.ts"

/** A rig whose time is moved by hand, and what it asks of the bus. */
async function watched() {
  const clock = fakeClock()
  const calls: string[] = []
  const bus = {
    follow: async (educator: number) => void calls.push(`follow ${educator}`),
    unfollow: (educator: number) => void calls.push(`unfollow ${educator}`),
  }
  const world = rig({ clock, bus })
  await clock.pass(0)
  return { clock, world, calls }
}

test("all sockets of an educator share one subscription, which the last one to leave ends a moment later", async () => {
  const { clock, world, calls } = await watched()
  await using _ = world
  const tabs = [world.connect(42), world.connect(42), world.connect(42)]
  await clock.settle()
  for (const tab of tabs) tab.leave()
  await clock.pass(4_900)
  expect(calls).toEqual(["follow 42"])
  await clock.pass(200)
  expect(calls).toEqual(["follow 42", "unfollow 42"])
  expect(world.delivery.rooms).toBe(0)
})

test("a page reload costs no subscription", async () => {
  const { clock, world, calls } = await watched()
  await using _ = world
  for (let reload = 0; reload < 5; reload++) {
    const page = world.connect(42)
    await clock.pass(3_000)
    page.leave()
  }
  expect(calls).toEqual(["follow 42"])
})

test("whoever comes back when the room has just closed opens another", async () => {
  const { clock, world, calls } = await watched()
  await using _ = world
  world.connect(42).leave()
  const first = world.connect(42)
  await clock.settle()
  first.leave()
  await clock.pass(5_000)
  const second = world.connect(42)
  await clock.settle()
  expect(calls).toEqual(["follow 42", "unfollow 42", "follow 42"])
  await world.record([42])
  await clock.pass(5_000)
  expect(second.ids()).toHaveLength(1)
})

test("a socket that is gone before history has answered for the first time opens nothing", async () => {
  const clock = fakeClock()
  await using world = rig({ clock })
  world.connect(42).leave()
  await clock.pass(1_000)
  expect(world.delivery.rooms).toBe(0)
})

test("a room that nobody is in any more counts for nobody", async () => {
  const clock = fakeClock()
  await using world = rig({ clock })
  await clock.pass(0)
  const client = world.connect(42)
  await clock.settle()
  client.leave()
  const before = world.counts()
  await world.tell([42])
  await clock.pass(1_000)
  expect([world.delivery.rooms, world.counts() - before]).toEqual([1, 0])
})

test("a bus that cannot follow is reported, and the tail brings what it does not", async () => {
  const clock = fakeClock()
  const gone = new Error("gone")
  await using world = rig({ clock, bus: { follow: () => Promise.reject(gone) } })
  await clock.pass(0)
  const client = world.connect(42)
  await clock.settle()
  const told = await world.tell([42])
  await clock.pass(5_000)
  expect([world.failures, client.ids(), world.ways]).toEqual([[gone], told, ["tail"]])
})
