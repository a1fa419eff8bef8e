import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { decodeCursor, MOST_IDS } from "../../realtime/cursor.ts"
import { progressFrom } from "../../realtime/progress.ts"

const STORE = "x7Kp2"
const safe = fc.nat(2 ** 50)
const places = (least: number) =>
  fc.uniqueArray(fc.record({ id: safe, position: fc.integer({ min: least, max: 2 ** 51 }) }), {
    maxLength: 60,
    selector: ({ id }) => id,
  })

describe("the codec", () => {
  test("every cursor that a progress makes says what it has", () => {
    fc.assert(
      fc.property(
        safe,
        places(2 ** 50),
        safe,
        fc.integer({ min: 1, max: 2 ** 52 }),
        (watermark, given, known, educator) => {
          const text = progressFrom({ store: STORE, educator, watermark, given }).cursor(known)
          const above = given.filter(({ position }) => position > watermark).map(({ id }) => id)
          expect(decodeCursor(text)).toEqual({ store: STORE, educator, known, watermark, ids: above })
        },
      ),
    )
  })

  test("whatever else is not a cursor, and nothing throws", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^2\.[0-9a-z.,*-]{0,60}$/), fc.jsonValue())
    fc.assert(
      fc.property(text, (value) => {
        const cursor = decodeCursor(value)
        if (!cursor) return
        for (const number of [cursor.watermark, cursor.known, cursor.educator, ...(cursor.ids ?? [])])
          expect(Number.isSafeInteger(number) && number >= 0).toBe(true)
      }),
    )
    for (const rubbish of [
      "",
      "2",
      "2.a.1.1.1",
      "1.a.5,6",
      "1.a.1.1.1.",
      "2..1.1.1.",
      "2.a.1.1.1.,",
      "2.a.1.1.1.5,",
      "2.a.1.1.1.-5",
      "2.a.1.1.1.*,5",
      "2.a.1.1.zzzzzzzzzzz.",
      "2.a.1.1.1.5 ",
      `2.a.1.1.1.${"1,".repeat(MOST_IDS)}1`,
    ])
      expect([rubbish, decodeCursor(rubbish)]).toEqual([rubbish, undefined])
  })
})

describe("a progress", () => {
  const start = { store: STORE, educator: 42, watermark: 100 }
  const idsOf = (cursor: string) => decodeCursor(cursor)?.ids

  test("lacks each place above its watermark until it is given or a mark passes it", () => {
    const had = progressFrom(start)
    expect([100, 101].map((position) => had.lacks({ id: position, position }))).toEqual([false, true])
    for (let again = 0; again < 2; again++) had.give({ id: 7, position: 101 })
    had.give({ id: 9, position: 100 })
    expect(idsOf(had.cursor(0))).toEqual([7])
    expect(had.lacks({ id: 7, position: 101 })).toBe(false)
    expect(had.lacks({ id: 8, position: 101 })).toBe(true)
    had.raise(101)
    expect(had.lacks({ id: 8, position: 101 })).toBe(false)
    expect([had.watermark, had.given.size]).toEqual([101, 0])
  })

  test("moves by marks alone, never back, and names only what is above", () => {
    const marks = fc.array(
      fc.oneof(fc.record({ mark: fc.nat(300) }), fc.record({ id: fc.nat(1e6), position: fc.nat(300) })),
    )
    fc.assert(
      fc.property(marks, (steps) => {
        const had = progressFrom(start)
        let watermark = 100
        const given = new Map<number, number>()
        for (const step of steps) {
          if ("mark" in step) {
            had.raise(step.mark)
            watermark = Math.max(watermark, step.mark)
          } else {
            if (had.lacks(step)) given.set(step.id, step.position)
            had.give(step)
          }
          expect(had.watermark).toBe(watermark)
          const above = [...given].filter(([, position]) => position > watermark).map(([id]) => id)
          expect(idsOf(had.cursor(0))?.toSorted()).toEqual(above.toSorted())
        }
      }),
    )
  })

  test("of more ids than a cursor names says so instead, and names them again when a mark has passed enough", () => {
    const had = progressFrom(start)
    for (let id = 1; id <= MOST_IDS; id++) had.give({ id, position: 100 + id })
    expect(idsOf(had.cursor(0))).toHaveLength(MOST_IDS)
    had.give({ id: 9999, position: 9999 })
    expect(decodeCursor(had.cursor(0))).toMatchObject({ watermark: 100, ids: undefined })
    expect(had.cursor(0).length).toBeLessThan(64)
    had.raise(105)
    expect(idsOf(had.cursor(0))).toHaveLength(MOST_IDS - 4)
  })
})
