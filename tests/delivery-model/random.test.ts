// The product's delivery in worlds that chance has made: whatever fails, a client has each notification of its educator's, once.
import { expect, test } from "bun:test"
import { generate, HARD, ORDINARY } from "./generate.ts"
import { campaign } from "./random.ts"
import { type Over, simulate } from "./world.ts"

const {
  /** The first schedule's; the next one's is one more. */
  DELIVERY_SEED = "20260921",
  /** How many schedules, half of them over each kind of storage. */
  DELIVERY_RUNS = "2000",
  /** `ordinary`, or harder than any that a database would be run in. */
  DELIVERY_BOUNDS = "hard",
} = process.env

const seed = Number(DELIVERY_SEED)
const runs = Math.ceil(Number(DELIVERY_RUNS) / 2)
const bounds = DELIVERY_BOUNDS === "ordinary" ? ORDINARY : HARD

for (const over of ["replica set", "file"] satisfies Over[])
  test(`over a ${over} nothing is lost, given twice or claimed`, async () => {
    const { given, refreshes } = await campaign({ options: { over }, seed, runs, bounds })
    // Much was given, and a refresh, the last resort, was seldom.
    if (runs > 100) expect(refreshes / given).toBeWithin(0, 0.01)
  }, 600_000)

test("a seed is always the same story", async () => {
  const tell = async () => (await simulate(generate(seed), { over: "replica set", telling: true })).log
  expect(await tell()).toEqual(await tell())
})
