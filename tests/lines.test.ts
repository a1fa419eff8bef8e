import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { linesOf } from "../src/lines.ts"

const PLENTY = 1_000_000

/** The lines of a text that comes in chunks of these lengths, again and again; the memory of a chunk is used again for the next. */
function read(text: string | Uint8Array, lengths: readonly number[] = [PLENTY], most = () => PLENTY) {
  const bytes = Buffer.from(text)
  const buffer = new Uint8Array(Math.max(...lengths))
  function* chunks() {
    for (let start = 0, chunk = 0; start < bytes.length; chunk++) {
      const size = bytes.copy(buffer, 0, start, start + (lengths[chunk % lengths.length] ?? 1))
      yield buffer.subarray(0, size)
      start += size
    }
  }
  return [...linesOf(chunks(), most)]
}
const textsOf = (text: string | Uint8Array, lengths?: readonly number[]) =>
  read(text, lengths).map(({ text, flaw }) => text ?? { flaw })

const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 })
/** Of few letters, so that endings, marks and characters of several bytes meet the borders often. */
const text = fc.string({
  unit: fc.constantFrom("a", "가", "é", "😀", "\r", "\n", "\r\n", " ", "\uFEFF"),
  maxLength: 60,
})

describe("the lines of a file", () => {
  test("are the same however its bytes are cut into chunks", () => {
    fc.assert(
      fc.property(text, lengths, fc.integer({ min: 0, max: 20 }), (text, lengths, most) => {
        expect(read(text, lengths)).toEqual(read(text))
        expect(read(text, lengths, () => most)).toEqual(read(text, [PLENTY], () => most))
      }),
      { numRuns: 1000 },
    )
  })

  test("are those of its text", () => {
    fc.assert(
      fc.property(text, lengths, (text, lengths) => {
        const lines = text
          .replace(/^\uFEFF/, "")
          .replace(/\n$/, "")
          .split("\n")
        const expected = lines.map((line) => line.replace(/\r$/, ""))
        expect(textsOf(text, lengths)).toEqual(text === "" ? [] : expected)
      }),
      { numRuns: 1000 },
    )
  })

  test("are the same for any bytes, also when they are not UTF-8", () => {
    const bytes = fc.uint8Array({ maxLength: 60, max: 0xff }).map((bytes) => bytes.map((byte) => byte % 5 || 10))
    fc.assert(
      fc.property(fc.oneof(bytes, fc.uint8Array({ maxLength: 60 })), lengths, (bytes, lengths) => {
        expect(read(bytes, lengths)).toEqual(read(bytes))
      }),
    )
  })

  test("may end in CRLF, begin with a byte order mark, be empty, and the last need not end", () => {
    expect(textsOf("\uFEFFa\r\n\r\n\n김민수")).toEqual(["a", "", "", "김민수"])
    expect(textsOf("a\n")).toEqual(["a"])
    expect(textsOf("")).toEqual([])
  })

  test("that are not UTF-8 are flaws, and the others are read", () => {
    const bytes = Buffer.concat([Buffer.from("a\n"), Buffer.from([0xff, 0x0a]), Buffer.from("b")])
    expect(textsOf(bytes)).toEqual(["a", { flaw: "is not UTF-8" }, "b"])
  })

  test("that are too long are flaws, by what may be at that line", () => {
    const limits = [4, 3, 3, 3]
    let line = 0
    const found: unknown[] = []
    function* chunks() {
      yield* ["가나", "다\n가", "나\n가\n", "abcd"].map((part) => Buffer.from(part))
    }
    for (const { number, text, flaw } of linesOf(chunks(), () => limits[line] ?? 0)) {
      found.push([number, text ?? flaw])
      line += 1
    }
    expect(found).toEqual([
      [1, "is longer than 4 bytes"],
      [2, "is longer than 3 bytes"],
      [3, "가"],
      [4, "is longer than 3 bytes"],
    ])
  })

  test("are not kept when they are too long", () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x61)
    const chunks = function* () {
      for (let sent = 0; sent < 1024; sent++) yield chunk
    }
    const before = process.memoryUsage().rss
    expect([...linesOf(chunks(), () => 10 * 1024 * 1024)]).toMatchObject([{ flaw: expect.any(String) }])
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })
})
