import { z } from "zod"
import { issuesOf } from "../issues.ts"
import { Problem } from "../problem.ts"
import type { DirectoryChange, Roster, RosterEffect } from "./directory.ts"

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
const ofEducator = { educator: id.describe("The educator's user index.") }
const ofStudent = { student: id.describe("The student's user index.") }
const enrolment = z.strictObject({ ...ofEducator, ...ofStudent })
const ofCourse = { course: id.describe("The course's id.") }
const ofSection = {
  section: z
    .union([name, z.int().nonnegative().transform(String)])
    .nullable()
    .default(null)
    .describe("The section of the course, by name or number; null or left out, all of them."),
}
const staffing = z.strictObject({ ...ofCourse, ...ofEducator, ...ofSection })
const attendance = z.strictObject({ ...ofCourse, ...ofStudent, ...ofSection })

const listOf = <Row extends z.ZodType>(row: Row) => z.array(row).max(MAX_ROWS).optional()

/** The body of `PUT /directory`, and a file that `allim import` reads; it reads lines by the schemas of its rows, too. */
export const directoryChange = z
  .strictObject({
    students: listOf(student).describe("Students to add, or to replace by id."),
    courses: listOf(course).describe("Courses to add, or to replace by id."),
    assignments: listOf(work).describe("Assignments to add, or to replace by id."),
    quizzes: listOf(work).describe("Quizzes to add, or to replace by id."),
    lessons: listOf(work).describe("Lessons to add, or to replace by id."),
    courseStaff: listOf(staffing).describe("Who teaches a course, or a section of it, from now on."),
    noLongerCourseStaff: listOf(staffing).describe("Who teaches a course, or a section of it, no longer."),
    courseStudents: listOf(attendance).describe("Who attends a course, in which section of it, from now on."),
    noLongerCourseStudents: listOf(attendance).describe("Who attends a course, or a section of it, no longer."),
    advises: listOf(enrolment).describe("Who advises whom from now on, as a homeroom teacher does."),
    noLongerAdvises: listOf(enrolment).describe("Who advises whom no longer."),
    teaches: listOf(enrolment).describe(
      "Who teaches whom from now on; it counts for events whose course is unknown or has no staff.",
    ),
    noLongerTeaches: listOf(enrolment).describe("Who teaches whom no longer."),
  })
  .describe(
    "Rows to add or to replace, and who teaches, attends or advises. What ends is removed before what begins is added. All of it is applied, or nothing.",
  )

/** The body of `PUT /directory/courses/:id/roster`. */
export const roster = z
  .strictObject({
    staff: z.array(z.strictObject({ ...ofEducator, ...ofSection })).max(MAX_ROWS),
    students: z.array(z.strictObject({ ...ofStudent, ...ofSection })).max(MAX_ROWS),
  })
  .describe("Everybody who teaches and who attends the course: whoever is not in it is so no longer.")

/** The same with its course, as a line of a file that `allim import` reads. */
export const courseRoster = z.strictObject({ ...ofCourse, ...roster.shape })
export type CourseRoster = z.infer<typeof courseRoster>

const count = z.int().nonnegative()
const sent = { sent: count.describe("How many were sent.") }
const effect = z.strictObject({ ...sent, changed: count.describe("How many of them alter the directory.") })
const replaced = z.strictObject({
  ...sent,
  added: count.describe("How many places the course gets."),
  removed: count.describe("How many it loses."),
})

/** What a change would do, by the parts that were sent. */
export const directoryEffect = z
  .strictObject(
    Object.fromEntries(Object.keys(directoryChange.shape).map((part) => [part, effect.optional()])) as Record<
      keyof DirectoryChange,
      z.ZodOptional<typeof effect>
    >,
  )
  .describe("What the change would do, for each part that was sent.")

/** What a roster would do to its course. */
export const rosterEffect = z
  .strictObject({ staff: replaced, students: replaced })
  .describe("What the roster would do to its course.") satisfies z.ZodType<RosterEffect>

/** Reads a change from JSON; throws `directory_invalid` with the `errors` and where they are. */
export function readDirectoryChange(json: unknown): DirectoryChange {
  return readBy(directoryChange, json)
}

/** Reads a roster from JSON, as `readDirectoryChange` does. */
export function readRoster(json: unknown): Roster {
  return readBy(roster, json)
}

function readBy<T>(schema: z.ZodType<T>, json: unknown): T {
  const read = schema.safeParse(json)
  if (read.success) return read.data
  throw new Problem("directory_invalid", undefined, { more: { errors: issuesOf(read.error) } })
}
