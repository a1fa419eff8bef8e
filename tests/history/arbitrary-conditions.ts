import fc from "fast-check"
import type { Condition, Field, FieldType, Operator } from "../../src/history/condition.ts"
import type { Json, JsonObject } from "../../src/json.ts"

/** Fields of every type, one inside an object, and two that differ by their case only. */
export const fields: readonly Field[] = [
  { path: "score", type: "number" },
  { path: "room", type: "string" },
  { path: "late", type: "boolean" },
  { path: "openedAt", type: "date" },
  { path: "course.id", type: "number" },
  { path: "courseId", type: "number" },
  { path: "courseid", type: "number" },
]

const pad = (value: number, length = 2) => String(value).padStart(length, "0")

/** The same moments in many hands: offsets, days alone, minutes alone, no offset. */
const dateText = fc
  .record({
    time: fc.oneof(
      fc.integer({ min: Date.UTC(2026, 10, 21), max: Date.UTC(2026, 10, 23) }),
      fc.constantFrom(...[0, 1, 999, 1000, 60_000, 86_400_000].map((ms) => Date.UTC(2026, 10, 22) + ms)),
      fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2100, 0) }),
    ),
    offset: fc.constantFrom(0, 540, -330, 840, -720),
    form: fc.constantFrom("full", "seconds", "minutes", "local", "day", "utc"),
  })
  .map(({ time, offset, form }) => {
    const local = new Date(time + offset * 60_000).toISOString().slice(0, -1)
    const zone = `${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`
    return {
      full: local + zone,
      seconds: local.slice(0, 19) + zone,
      minutes: local.slice(0, 16) + zone,
      local,
      day: local.slice(0, 10),
      utc: new Date(time).toISOString(),
    }[form] as string
  })

const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 7, 0.1, 59.5, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
)
const text = fc.oneof(
  fc.constantFrom(
    "",
    "1",
    "true",
    "a",
    "A",
    "é",
    "가",
    "～",
    "😀",
    "now",
    "subsec",
    "2460000.5",
    "2026-11-xx",
    "'; --",
  ),
  fc.string({ unit: "binary", maxLength: 5 }),
)
const value: fc.Arbitrary<Json> = fc.oneof(
  number,
  text,
  fc.boolean(),
  dateText,
  fc.constantFrom<Json>(null, [], [1], {}, { id: 1 }, ["2026-11-22"]),
)

export const data: fc.Arbitrary<JsonObject> = fc.record(
  {
    score: value,
    room: value,
    late: value,
    openedAt: fc.oneof(dateText, value),
    courseId: value,
    courseid: value,
    course: fc.oneof(value, fc.record({ id: value })),
  },
  { requiredKeys: [] },
)

const operand: Record<FieldType, fc.Arbitrary<string | number | boolean>> = {
  number,
  string: fc.oneof(text, dateText),
  boolean: fc.boolean(),
  date: dateText.map((date) => new Date(/T[\d:.]+$/.test(date) ? `${date}Z` : date).toISOString()),
}

const condition: fc.Arbitrary<Condition> = fc
  .constantFrom(...fields)
  .chain((field) =>
    fc
      .constantFrom<Operator>("eq", "in", "lt", "lte", "gt", "gte")
      .chain((operator) =>
        fc
          .array(operand[field.type], { minLength: 1, maxLength: operator === "in" ? 5 : 1 })
          .map((values) => ({ field, operator, values })),
      ),
  )

export const conditions = fc.array(condition, { minLength: 1, maxLength: 3 })
