import { expect, test } from "bun:test"
import fc from "fast-check"
import { idAt, idMaker, timeOf } from "../src/id.ts"

test("ids tell when they were made, grow, and stay below 2^53 for decades", () => {
  const times = fc.array(fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2088, 0) }), { minLength: 1 })
  fc.assert(
    fc.property(times, (moments) => {
      const clock = moments.values()
      const makeId = idMaker(() => clock.next().value ?? 0)
      const ids = moments.map(makeId)
      expect(ids).toEqual(ids.toSorted((a, b) => a - b))
      expect(new Set(ids).size).toBe(ids.length)
      for (const [index, id] of ids.entries()) {
        expect(Number.isSafeInteger(id)).toBe(true)
        expect(timeOf(id)).toBeGreaterThanOrEqual(moments[index] ?? 0)
        expect(id).toBeGreaterThanOrEqual(idAt(moments[index] ?? 0))
      }
    }),
  )
})

test("a clock that was set back gives no id twice", () => {
  const clock = [2000, 1000, 1000, 2000].map((ms) => Date.UTC(2026, 10) + ms).values()
  const makeId = idMaker(() => clock.next().value ?? 0)
  const ids = [makeId(), makeId(), makeId(), makeId()]
  expect(new Set(ids).size).toBe(4)
  expect(ids).toEqual(ids.toSorted((a, b) => a - b))
})

test("more ids than a millisecond holds run on into the next", () => {
  const makeId = idMaker(() => Date.UTC(2026, 10))
  const ids = Array.from({ length: 10_000 }, makeId)
  expect(new Set(ids).size).toBe(10_000)
})
