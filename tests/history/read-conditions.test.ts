import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Condition, Field } from "../../src/history/condition.ts"
import { readConditions } from "../../src/history/read-conditions.ts"
import { Problem } from "../../src/problem.ts"
import { conditions } from "./arbitrary-conditions.ts"

const fields: readonly Field[] = [
  { path: "courseId", type: "number" },
  { path: "course.room", type: "string" },
  { path: "late", type: "boolean" },
  { path: "dueAt", type: "date" },
]

/** Operator and values of each condition that a query holds. */
const read = (query: string) =>
  readConditions(new URLSearchParams(query), fields).map(({ field, operator, values }) => [
    field.path,
    operator,
    ...values,
  ])

function refusal(query: string): Problem {
  try {
    readConditions(new URLSearchParams(query), fields)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error(`${query} was accepted`)
}

describe("conditions in a URL", () => {
  test("are read by their field's type", () => {
    expect(read("data.courseId=7&data.course.room=&data.late=false&data.dueAt[lt]=2026-11-22")).toEqual([
      ["courseId", "eq", 7],
      ["course.room", "eq", ""],
      ["late", "eq", false],
      ["dueAt", "lt", "2026-11-22T00:00:00.000Z"],
    ])
    expect(read("data.courseId[lte]=-1.5e2&data.courseId[gt]=0&data.course.room[gte]=가&data.late[in]=true")).toEqual([
      ["courseId", "lte", -150],
      ["courseId", "gt", 0],
      ["course.room", "gte", "가"],
      ["late", "in", true],
    ])
    expect(read("data.courseId%5Bin%5D=1,2&x=1&data.courseId[in]=3&cursor=1&database=5")).toEqual([
      ["courseId", "in", 1, 2, 3],
    ])
    expect(read("")).toEqual([])
  })

  test("name dates with any offset, a bare plus sign, or none for UTC", () => {
    const noon = "2026-11-22T12:00:00.000Z"
    for (const text of [
      "2026-11-22T12:00:00Z",
      "2026-11-22T21:00:00+09:00",
      "2026-11-22T21:00:00%2B09:00",
      "2026-11-22T07:00:00.000-05:00",
      "2026-11-22T12:00",
      "2026-11-22T12:00:00.000",
    ])
      expect(read(`data.dueAt=${text}`)).toEqual([["dueAt", "eq", noon]])
    for (const text of ["now", "2026-02-30", "2026-11-22T25:00Z", "1795348800", "22.11.2026", "2026-11-22 12:00"])
      expect(refusal(`data.dueAt=${text}`).code).toBe("query_invalid")
  })

  test("on a field that is not declared are refused with those that are", () => {
    for (const path of ["score", "courseid", "courseId.x", "__proto__", "constructor", "courseId..", "room"]) {
      const { code, message, more } = refusal(`data.${path}=1`)
      expect(code).toBe("field_not_filterable")
      expect(message).toContain(`data.${path}`)
      expect(message).toContain("data.courseId, data.course.room, data.late, data.dueAt")
      expect(more).toEqual({ filterable: ["data.courseId", "data.course.room", "data.late", "data.dueAt"] })
    }
  })

  test.each([
    "data.courseId[$ne]=1",
    "data.courseId[eq]=1",
    "data.courseId[LT]=1",
    "data.courseId[]=1",
    "data.courseId[in][lt]=1",
    "data.courseId[in=1",
    "data[courseId]=1",
    "data=1",
    "data.=1",
    "data.$where=1",
    "data.a'b=1",
    "data-courseId=1",
    "data.courseId=1&data.courseId=2",
    "data.courseId[lt]=1&data.courseId[lt]=1",
    "data.courseId=",
    "data.courseId=a",
    "data.courseId=0x10",
    "data.courseId=1e999",
    "data.courseId=NaN",
    "data.courseId= 1",
    "data.courseId[in]=1,,2",
    "data.late=1",
    "data.late=constructor",
    "data.late[lt]=true",
    `data.course.room=${"a".repeat(257)}`,
    `data.courseId[in]=${Array(101).fill(1)}`,
    Array.from({ length: 11 }, (_, index) => `data.f${index}=1`).join("&"),
  ])("are refused: %.60s", (query) => {
    expect(refusal(query).code).toBe("query_invalid")
  })

  test("within the limits are accepted", () => {
    expect(read(`data.course.room=${"a".repeat(256)}`)).toHaveLength(1)
    expect(read(`data.courseId[in]=${Array(100).fill(1)}`)[0]).toHaveLength(102)
  })

  test("say what was meant, whatever it was", () => {
    fc.assert(
      fc.property(conditions, (meant) => {
        const one = meant[0] as Condition
        fc.pre(!one.values.some((value) => String(value).includes(",")))
        fc.pre(one.field.type !== "boolean" || one.operator === "eq" || one.operator === "in")
        const name = `data.${one.field.path}${one.operator === "eq" ? "" : `[${one.operator}]`}`
        const url = new URL(`http://localhost/?${new URLSearchParams({ [name]: one.values.join(",") })}`)
        expect(readConditions(url.searchParams, [one.field])).toEqual([one])
      }),
      { numRuns: 500 },
    )
  })

  test("are never more than conditions, whatever the names and values", () => {
    const name = fc.oneof(
      fc.constantFrom("data.courseId", "data.dueAt", "data.late", "data.course.room[in]", "data.courseId[lt]"),
      fc.string().map((text) => `data.${text}`),
      fc.string().map((text) => `data.courseId[${text}]`),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string()), { maxLength: 4 }), (pairs) => {
        try {
          for (const { field, operator, values } of readConditions(new URLSearchParams(pairs), fields)) {
            expect(fields).toContain(field)
            expect(["eq", "in", "lt", "lte", "gt", "gte"]).toContain(operator)
            const type = field.type === "date" ? "string" : field.type
            expect(values.every((value) => typeof value === type)).toBe(true)
          }
        } catch (error) {
          if (!(error instanceof Problem)) throw error
          expect(error.status).toBe(400)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
