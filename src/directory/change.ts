import { z } from "zod"
import { issuesOf } from "../issues.ts"
import { Problem } from "../problem.ts"
import type { DirectoryChange } from "./directory.ts"

/** How many rows each list of one change may hold: they are written in one transaction, which others wait for. */
export const MAX_ROWS = 50_000

const id = z.int().positive()
const name = z.string().trim().min(1).max(200)
const dueAt = z.iso
  .datetime({
    offset: true,
    error: "Invalid date: expected ISO 8601 with seconds and an offset, such as 2026-11-22T18:00:00+09:00",
  })
  .nullable()
  .default(null)
  .describe("When it is due; null or left out when it never is.")
  .transform((due) => due && new Date(due).toISOString())

const course = z.strictObject({ id: id.describe("The course's id."), name: name.describe("What people call it.") })
const work = z.strictObject({
  id: id.describe("Its id, unique among its kind."),
  courseId: id.describe("The course that it belongs to."),
  name: name.describe("What people call it."),
  dueAt,
})
const student = z.strictObject({
  id: id.describe("The student's user index."),
  userId: name.describe("The account's name."),
  name: name.describe("The student's name."),
})
const enrolment = z.strictObject({
  educator: id.describe("The educator's user index."),
  student: id.describe("The student's user index."),
})
const listOf = <Row extends z.ZodType>(row: Row) => z.array(row).max(MAX_ROWS).optional()

/** The body of `PUT /directory`, and the file that `allim import` reads. */
export const directoryChange = z
  .strictObject({
    students: listOf(student).describe("Students to add, or to replace by id."),
    courses: listOf(course).describe("Courses to add, or to replace by id."),
    assignments: listOf(work).describe("Assignments to add, or to replace by id."),
    quizzes: listOf(work).describe("Quizzes to add, or to replace by id."),
    lessons: listOf(work).describe("Lessons to add, or to replace by id."),
    teaches: listOf(enrolment).describe("Who teaches whom from now on."),
    noLongerTeaches: listOf(enrolment).describe("Who teaches whom no longer; removed before `teaches` is added."),
  })
  .describe("Rows to add or to replace, and who teaches whom. All of it is applied, or nothing.")

/** Reads a change from JSON; throws `directory_invalid` with the `errors` and where they are. */
export function readDirectoryChange(json: unknown): DirectoryChange {
  const read = directoryChange.safeParse(json)
  if (read.success) return read.data
  throw new Problem("directory_invalid", undefined, { more: { errors: issuesOf(read.error) } })
}
