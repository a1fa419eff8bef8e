import { expect, test } from "bun:test"
import { remembered } from "../src/remembered.ts"
import { fakeClock } from "./fake-clock.ts"

/** A check that ends when it is told to. */
function slow() {
  const made: PromiseWithResolvers<void>[] = []
  const check = () => {
    const next = Promise.withResolvers<void>()
    made.push(next)
    return next.promise
  }
  return { check, made }
}

test("whoever asks at once waits for one check, and whoever asks soon is answered what came of it, good or bad", async () => {
  const clock = fakeClock()
  const { check, made } = slow()
  const ask = remembered(check, 5_000, clock)
  const asked = [ask(), ask(), ask()]
  clock.advance(1_000)
  made[0]?.resolve()
  await Promise.all(asked)
  await clock.settle()
  clock.advance(4_999)
  await ask()
  expect(made).toHaveLength(1)

  clock.advance(1)
  const again = ask()
  made[1]?.reject(new Error("full"))
  expect(again).rejects.toThrow("full")
  await clock.settle()
  expect(ask()).rejects.toThrow("full")
  expect(made).toHaveLength(2)
})

test("a check that never ends is made again", () => {
  const clock = fakeClock()
  const { check, made } = slow()
  const ask = remembered(check, 5_000, clock)
  ask()
  clock.advance(4_999)
  ask()
  expect(made).toHaveLength(1)
  clock.advance(1)
  ask()
  expect(made).toHaveLength(2)
})
