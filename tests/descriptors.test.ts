import { expect, test } from "bun:test"
import { watchDescriptors } from "../src/descriptors.ts"
import { fakeClock } from "./fake-clock.ts"

const linux = process.platform === "linux"

test.skipIf(!linux)("this process's are counted, and their limit is known", () => {
  const { limit, open, crowded } = watchDescriptors(200, fakeClock())
  expect(limit).toBeGreaterThan(open())
  expect(open()).toBeGreaterThan(3)
  expect(crowded()).toBe(false)
})

test("they are scarce when fewer than the spare ones are left, which are never more than half", () => {
  const crowded = (limit: number, spare: number, size: number) => {
    const limits = () => `Max open files            ${limit}                ${limit}                files     \n`
    return watchDescriptors(spare, fakeClock(), { limits, size: () => size, list: () => 0 }).crowded()
  }
  expect([crowded(20_000, 200, 19_799), crowded(20_000, 200, 19_800)]).toEqual([false, true])
  expect([crowded(256, 200, 127), crowded(256, 200, 128)]).toEqual([false, true])
})

test("they are exhausted when as good as none are left, whatever the spare ones", () => {
  const exhausted = (limit: number, spare: number, size: number) => {
    const limits = () => `Max open files            ${limit}                ${limit}                files     \n`
    return watchDescriptors(spare, fakeClock(), { limits, size: () => size, list: () => 0 }).exhausted()
  }
  expect([exhausted(1_000, 200, 989), exhausted(1_000, 200, 990)]).toEqual([false, true])
  expect([exhausted(1_000, 0, 989), exhausted(1_000, 0, 990)]).toEqual([false, true])
})

test("where Linux does not tell their number they are listed once a second, and new ones counted meanwhile", () => {
  const clock = fakeClock()
  let [open, lists] = [10, 0]
  const limits = () => "Max open files            20                   20                   files     \n"
  const list = () => {
    lists += 1
    return open
  }
  const { crowded } = watchDescriptors(8, clock, { limits, size: () => 0, list })
  expect([crowded(), crowded(), crowded()]).toEqual([false, false, true])
  expect(lists).toBe(1)
  open = 5
  clock.advance(1_000)
  expect([crowded(), lists]).toEqual([false, 2])
})

test("elsewhere than on Linux nothing is checked", () => {
  const nothing = { limits: () => undefined, size: () => 0, list: () => 0 }
  const { limit, open, crowded, exhausted } = watchDescriptors(200, fakeClock(), nothing)
  expect([limit, open(), crowded(), exhausted()]).toEqual([undefined, 0, false, false])
})
