import { expect, test } from "bun:test"
import fc from "fast-check"
import type { Field } from "../../src/history/condition.ts"
import { isFieldPath, MOST_FIELDS, readFields } from "../../src/history/fields.ts"

const own: readonly Field[] = [
  { path: "courseId", type: "number" },
  { path: "late", type: "boolean" },
]

function read(setting: string) {
  const mistakes: string[] = []
  return { fields: readFields(setting, own, (mistake) => void mistakes.push(mistake)), mistakes }
}

test("declared fields join the kinds' own; a type that is left out is the field's own, else string", () => {
  const { fields, mistakes } = read(
    " room, score2:number ,openedAt:date,course.id:number,late,courseId:number,room:string,",
  )
  expect(mistakes).toEqual([])
  expect(fields).toEqual([
    ...own,
    { path: "room", type: "string" },
    { path: "score2", type: "number" },
    { path: "openedAt", type: "date" },
    { path: "course.id", type: "number" },
  ])
  expect(read("")).toEqual({ fields: [...own], mistakes: [] })
})

test("every mistake is told", () => {
  const { fields, mistakes } = read("a$b,room:text,courseId:string,x:number:y,ok,room:,ok:number,a..b")
  expect(fields).toEqual([...own, { path: "ok", type: "string" }])
  const told = [
    '"a$b"',
    "type of room",
    "courseId is declared as a number",
    "type of x",
    "type of room",
    "ok is",
    '"a..b"',
  ]
  expect(mistakes).toHaveLength(told.length)
  for (const [index, text] of told.entries()) expect(mistakes[index]).toContain(text)
  expect(read(Array.from({ length: MOST_FIELDS }, (_, index) => `f${index}`).join()).mistakes[0]).toContain("32")
})

test("a path is names joined by dots and nothing else", () => {
  for (const path of ["a", "_", "a.b.c", "A1_", "a".repeat(64)]) expect(isFieldPath(path)).toBe(true)
  for (const path of ["", ".", "a.", ".a", "1", "a.1", "a b", "a'b", "a\n", "$a", "a[0]", "가", "a".repeat(65)])
    expect(isFieldPath(path)).toBe(false)
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (path) => {
      if (isFieldPath(path)) expect(path).toMatch(/^[A-Za-z0-9_.]{1,64}$/)
    }),
    { numRuns: 1000 },
  )
})
