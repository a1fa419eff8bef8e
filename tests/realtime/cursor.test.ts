import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { decodeCursor, encodeCursor, OVERLAP, progressFrom } from "../../realtime/cursor.ts"
import { idAt } from "../../src/id.ts"

const watermarks = fc.nat(2 ** 50)
const cursors = fc
  .tuple(watermarks, fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 40 }), { maxLength: 50 }))
  .map(([watermark, distances]) => ({ watermark, above: new Set(distances.map((distance) => watermark + distance)) }))

describe("the codec", () => {
  test("every cursor survives it", () => {
    fc.assert(fc.property(cursors, (cursor) => expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor)))
  })

  test("whatever else is not a cursor, and nothing throws", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^1\.[0-9a-z.,]{0,40}$/), fc.jsonValue())
    fc.assert(
      fc.property(text, (value) => {
        const cursor = decodeCursor(value)
        if (!cursor) return
        expect(Number.isSafeInteger(cursor.watermark)).toBe(true)
        for (const id of cursor.above) expect(id > cursor.watermark && Number.isSafeInteger(id)).toBe(true)
      }),
    )
    for (const rubbish of [
      "",
      "1",
      "1.",
      "1..",
      "2.a.",
      "1.a.,",
      "1.a.0",
      "1.a.1,,1",
      "1.zzzzzzzzzzz.",
      `1.a.${"1,".repeat(9999)}1`,
    ])
      expect(decodeCursor(rubbish)).toBeUndefined()
  })
})

describe("progress", () => {
  const NOW = Date.UTC(2026, 10, 22)

  test("each id is admitted once, and never again from the cursor that names it", () => {
    const ids = fc.array(
      fc.integer({ min: -20_000, max: 0 }).map((ms) => idAt(NOW + ms)),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(ids, (offered) => {
        const progress = progressFrom({ watermark: idAt(NOW - 30_000), above: new Set() }, () => NOW)
        const admitted = offered.filter((id) => progress.admit(id))
        expect(new Set(admitted)).toEqual(new Set(offered))
        expect(admitted.length).toBe(new Set(offered).size)
        const again = decodeCursor(progress.cursor())
        if (!again) throw new Error("its own cursor must be understood")
        const next = progressFrom(again, () => NOW)
        expect(offered.filter((id) => next.admit(id))).toEqual([])
      }),
    )
  })

  test("the watermark stays behind the present by the overlap", () => {
    const progress = progressFrom({ watermark: 0, above: new Set() }, () => NOW)
    expect(decodeCursor(progress.cursor())?.watermark).toBe(idAt(NOW - OVERLAP))
  })

  test("the watermark never passes what is still doubtful, nor goes back", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -60_000, max: 1000 }), { minLength: 1 }), (offsets) => {
        let last = idAt(NOW - 50_000)
        const progress = progressFrom({ watermark: last, above: new Set() }, () => NOW)
        for (const offset of offsets) {
          const doubtful = idAt(NOW + offset)
          const watermark = decodeCursor(progress.cursor(doubtful))?.watermark ?? 0
          expect(watermark).toBeGreaterThanOrEqual(last)
          if (doubtful > last) expect(watermark).toBeLessThan(doubtful)
          last = watermark
        }
      }),
    )
  })
})
