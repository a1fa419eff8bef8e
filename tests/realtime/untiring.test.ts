import { expect, test } from "bun:test"
import { untiring } from "../../realtime/untiring.ts"
import { fakeClock } from "../fake-clock.ts"

test("what fails is tried again after 1, 2, 4 .. and at most 10 s, and from 1 s on again once it has worked", async () => {
  const clock = fakeClock()
  const tried: number[] = []
  const failures: unknown[] = []
  const wake = untiring({
    clock,
    due: () => tried.length < 10,
    async step() {
      tried.push(clock.now() / 1000)
      if (tried.length !== 7) throw new Error("gone")
    },
    failed: (error) => void failures.push(error),
  })
  for (let call = 0; call < 3; call++) wake()
  await clock.pass(60_000)
  expect(tried).toEqual([0, 1, 3, 7, 15, 25, 35, 35, 36, 38])
  expect(failures).toHaveLength(9)
})
