import { expect, test } from "bun:test"
import { recordInTime, withDeadlines } from "../src/deadline.ts"
import type { History, Outcome } from "../src/history/history.ts"
import { Problem } from "../src/problem.ts"
import { fakeClock } from "./fake-clock.ts"
import { draft, drafts } from "./history/drafts.ts"

/** A history of which no method ever answers, but for those that are given. */
function silent(more: Partial<History> = {}) {
  let known = 1
  return {
    store: "silent",
    lag: 1,
    get known() {
      return known
    },
    learn: (position) => {
      known = position
    },
    record: () => new Promise(() => {}),
    since: () => new Promise(() => {}),
    read: () => new Promise(() => {}),
    ...more,
  } satisfies History
}

const unavailable = { code: "unavailable", retryAfter: 1 }
const failureOf = (call: Promise<unknown>) => call.catch((error) => error)
const state = async (call: Promise<unknown>) =>
  Promise.race([
    call.then(
      () => "answered",
      () => "failed",
    ),
    new Promise((resolve) => setImmediate(resolve, "waits")),
  ])

test("a call that is late fails as unavailable at its deadline, not before, and each method has its own", async () => {
  const clock = fakeClock()
  const history = withDeadlines(silent(), { since: 3000, read: 5000 }, clock)
  const since = history.since({ educators: [42], limit: 1 })
  const read = history.read([1])
  clock.advance(2999)
  expect([await state(since), await state(read)]).toEqual(["waits", "waits"])
  clock.advance(1)
  expect(await failureOf(since)).toBeInstanceOf(Problem)
  expect(await failureOf(since)).toMatchObject(unavailable)
  expect(await state(read)).toBe("waits")
  clock.advance(2000)
  expect(await failureOf(read)).toMatchObject(unavailable)
})

test("a call that answers or fails in time does so, and leaves no timer behind", async () => {
  const clock = fakeClock()
  const gone = new Error("gone")
  const port = { read: async (ids: readonly number[]) => ids, since: () => Promise.reject(gone) }
  const timed = withDeadlines(port, { read: 10, since: 10 }, clock)
  expect(await timed.read([1, 2])).toEqual([1, 2])
  expect(await failureOf(timed.since())).toBe(gone)
  expect(clock.waiting()).toBe(0)
})

test("drafts of a late write are unknown, each; a write that fails by itself still fails", async () => {
  const clock = fakeClock()
  const late = recordInTime(silent(), 10_000, clock).record(drafts(2, [42]))
  clock.advance(10_000)
  expect(await late).toMatchObject([
    { status: "unknown", error: unavailable },
    { status: "unknown", error: unavailable },
  ])
  const bug = new Error("a bug")
  expect(await failureOf(recordInTime(silent({ record: () => Promise.reject(bug) }), 1, clock).record([]))).toBe(bug)
  const outcomes: Outcome[] = [{ status: "duplicate" }]
  expect(await recordInTime(silent({ record: async () => outcomes }), 1, clock).record([draft([42])])).toEqual(outcomes)
})

test("what is known stays live: a copy would keep what it was at first for ever", () => {
  const driver = silent()
  const history = withDeadlines<History>(recordInTime(driver, 1), { since: 1, read: 1 })
  expect(history.known).toBe(1)
  driver.learn(5)
  expect(history.known).toBe(5)
  history.learn(7)
  expect([driver.known, history.known, history.store]).toEqual([7, 7, "silent"])
})
