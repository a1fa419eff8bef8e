import { expect, test } from "bun:test"
import fc from "fast-check"
import { idAt, timeOf } from "../src/id.ts"

test("an id tells its moment, sorts by it, and stays below 2^53 for decades", () => {
  const moment = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2088, 0) })
  fc.assert(
    fc.property(moment, moment, fc.nat({ max: 4095 }), (one, other, place) => {
      expect(timeOf(idAt(one) + place)).toBe(one)
      expect(Number.isSafeInteger(idAt(one) + place)).toBe(true)
      expect(idAt(one) < idAt(other)).toBe(one < other)
    }),
  )
})
