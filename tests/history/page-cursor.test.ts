import { expect, test } from "bun:test"
import fc from "fast-check"
import { decodePageCursor, encodePageCursor } from "../../src/history/page-cursor.ts"
import { Problem } from "../../src/problem.ts"

const ids = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })

function refusal(cursor: string): unknown {
  try {
    decodePageCursor(cursor)
  } catch (error) {
    return error instanceof Problem ? error.code : error
  }
}

test("a page's cursor says its id again, and needs no escaping in a URL", () => {
  fc.assert(
    fc.property(ids, (id) => {
      const cursor = encodePageCursor(id)
      expect(encodeURIComponent(cursor)).toBe(cursor)
      expect(decodePageCursor(cursor)).toBe(id)
    }),
  )
})

test("whatever else is refused, a near miss too", () => {
  const near = fc.tuple(encodedIds(), fc.nat({ max: 12 }), fc.string({ maxLength: 2 })).map(([cursor, at, text]) => {
    return cursor.slice(0, at) + text + cursor.slice(at + 1)
  })
  fc.assert(
    fc.property(fc.oneof(fc.string(), near, fc.integer().map(String)), (text) => {
      if (refusal(text) === undefined) expect(encodePageCursor(decodePageCursor(text))).toBe(text)
      else expect(refusal(text)).toBe("cursor_invalid")
    }),
    { numRuns: 2000 },
  )
  for (const text of ["", "1.", "1.0", "1.-5", "1.01", "1.Z", "1.zzzzzzzzzzzz", "2.a", "a", "1.1.5", " 1.a", "1.a "])
    expect(refusal(text)).toBe("cursor_invalid")
})

function encodedIds() {
  return ids.map(encodePageCursor)
}
