import { expect, test } from "bun:test"
import fc from "fast-check"
import { marksOf, positionAt, SETTLE } from "../../src/history/marks.ts"

const seconds = (count: number) => positionAt(count)

/** What a process that learns these positions at these moments (milliseconds) may rely on afterwards. */
function told(...answers: [at: number, position: number][]) {
  let now = 0
  const marks = marksOf({ now: () => now })
  for (const [at, position] of answers) {
    now = at
    marks.learn(position)
  }
  return {
    marks,
    markAt(at: number) {
      now = at
      return marks.mark()
    },
  }
}

test("positions sort as seconds and increments do, and stay whole numbers until 2106", () => {
  const moment = fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 21 - 1))
  fc.assert(
    fc.property(moment, moment, ([second, increment], [other, otherIncrement]) => {
      const [a, b] = [positionAt(second, increment), positionAt(other, otherIncrement)]
      expect(Number.isSafeInteger(a)).toBe(true)
      expect(Math.sign(a - b)).toBe(Math.sign(second - other || increment - otherIncrement))
    }),
  )
  expect(positionAt(7, 2 ** 31)).toBeLessThan(positionAt(8))
})

test("nothing is relied on before anything is known", () => {
  expect(told().markAt(100_000)).toBe(0)
})

test("a mark stays SETTLE behind what is known", () => {
  const { markAt } = told([0, seconds(1_000)])
  expect(markAt(0)).toBe(seconds(985))
  expect(markAt(1_000_000)).toBe(seconds(985))
})

test("a primary's clock that leaps ahead takes no mark along before SETTLE has passed by this process's own measure", () => {
  const { marks, markAt } = told([0, seconds(1_000)], [5_000, seconds(1_005)], [6_000, seconds(4_600)])
  expect(marks.known).toBe(seconds(4_600))
  expect(markAt(6_000)).toBeLessThanOrEqual(seconds(1_000))
  expect(markAt(6_000 + SETTLE - 1)).toBeLessThanOrEqual(seconds(1_005))
  expect(markAt(6_000 + SETTLE)).toBe(seconds(4_585))
})

test("no mark falls, none passes what was known SETTLE ago or is nearer than SETTLE to what is known", () => {
  const steps = fc.array(fc.record({ wait: fc.nat(20_000), position: fc.nat(100) }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(steps, (all) => {
      let now = 0
      let last = 0
      const marks = marksOf({ now: () => now })
      const learnt: { at: number; position: number }[] = []
      for (const { wait, position } of all) {
        now += wait
        marks.learn(seconds(1_000 + position))
        learnt.push({ at: now, position: seconds(1_000 + position) })
        const mark = marks.mark()
        const before = learnt.filter(({ at }) => at <= now - SETTLE).map((one) => one.position)
        const [first] = learnt
        expect(mark).toBeGreaterThanOrEqual(last)
        expect(mark).toBeLessThanOrEqual(marks.known - seconds(SETTLE / 1000))
        expect(mark).toBeLessThanOrEqual(Math.max((first?.position ?? 0) - seconds(SETTLE / 1000), ...before))
        last = mark
      }
    }),
  )
})
