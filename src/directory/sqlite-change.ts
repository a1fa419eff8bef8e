import type { DatabaseSync } from "node:sqlite"
import { transact } from "../sqlite.ts"
import type { DirectoryChange, Effects, Roster, RosterEffect } from "./directory.ts"

/** Adds rows or replaces them by id, the first column; one that would alter nothing is let alone, and so not counted. */
function upsert(table: string, columns: Record<string, string>): string {
  const [id, ...others] = Object.keys(columns)
  const values = Object.values(columns).map((member) => `value ->> '${member}'`)
  return `INSERT INTO ${table} (${Object.keys(columns)}) SELECT ${values} FROM json_each(?) WHERE true
    ON CONFLICT (${id}) DO UPDATE SET ${others.map((column) => `${column} = excluded.${column}`)}
    WHERE (${others}) IS NOT (${others.map((column) => `excluded.${column}`)})`
}

const upsertWork = (noun: string) =>
  upsert(`allim_${noun}`, {
    [`${noun}_id`]: "id",
    course_id: "courseId",
    [`${noun}_name`]: "name",
    due_at: "dueAt",
  })

const relate = (table: string) => `INSERT INTO ${table} (student_index, educator_index)
  SELECT value ->> 'student', value ->> 'educator' FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`

const part = (table: string) => `DELETE FROM ${table} WHERE (student_index, educator_index) IN
  (SELECT value ->> 'student', value ->> 'educator' FROM json_each(?))`

const place = (table: string, who: "educator" | "student") => `INSERT INTO ${table} (course_id, ${who}_index, section)
  SELECT value ->> 'course', value ->> '${who}', ifnull(value ->> 'section', '') FROM json_each(?) WHERE true
  ON CONFLICT DO NOTHING`

/** Joined, so that each row that ends is found by a seek. */
const displace = (table: string, who: "educator" | "student") => `DELETE FROM ${table}
  WHERE (course_id, ${who}_index, section) IN (
    SELECT held.course_id, held.${who}_index, held.section FROM json_each(?) AS ended CROSS JOIN ${table} AS held
    WHERE held.course_id = ended.value ->> 'course' AND held.${who}_index = ended.value ->> '${who}'
      AND (ended.value ->> 'section' IS NULL OR held.section = ended.value ->> 'section'))`

/** One statement for each part of a change, in the order in which they are applied. */
const CHANGE: Record<keyof DirectoryChange, string> = {
  students: upsert("allim_student", { user_index: "id", user_id: "userId", user_name: "name" }),
  courses: upsert("allim_course", { course_id: "id", course_name: "name" }),
  assignments: upsertWork("assignment"),
  quizzes: upsertWork("quiz"),
  lessons: upsertWork("lesson"),
  noLongerCourseStaff: displace("allim_course_educator", "educator"),
  courseStaff: place("allim_course_educator", "educator"),
  noLongerCourseStudents: displace("allim_course_student", "student"),
  courseStudents: place("allim_course_student", "student"),
  noLongerAdvises: part("allim_adviser"),
  advises: relate("allim_adviser"),
  noLongerTeaches: part("allim_educator_student"),
  teaches: relate("allim_educator_student"),
}

const SENT = (who: "educator" | "student") =>
  `SELECT value ->> '${who}', ifnull(value ->> 'section', '') FROM json_each(?2)`

const roster = (table: string, who: "educator" | "student") => ({
  remove: `DELETE FROM ${table} WHERE course_id = ?1 AND (${who}_index, section) NOT IN (${SENT(who)})`,
  add: `INSERT INTO ${table} (course_id, ${who}_index, section) SELECT ?1, * FROM (${SENT(who)}) WHERE true ON CONFLICT DO NOTHING`,
})

/**
 * Applies changes and rosters, each in one transaction. Another process's write, such as an import's, is waited for as long as the file was
 * opened with.
 */
export function directoryWriter(database: DatabaseSync) {
  const changes = Object.entries(CHANGE).map(
    ([part, sql]) => [part as keyof DirectoryChange, database.prepare(sql)] as const,
  )
  const prepared = ({ remove, add }: ReturnType<typeof roster>) => {
    const [removes, adds] = [database.prepare(remove), database.prepare(add)]
    return (course: number, rows: readonly object[]) => {
      const sent = JSON.stringify(rows)
      const removed = Number(removes.run(course, sent).changes)
      return { sent: rows.length, added: Number(adds.run(course, sent).changes), removed }
    }
  }
  const replaceStaff = prepared(roster("allim_course_educator", "educator"))
  const replaceStudents = prepared(roster("allim_course_student", "student"))

  return {
    apply: (change: DirectoryChange, options?: { dry?: boolean }): Effects =>
      transact(
        database,
        () =>
          Object.fromEntries(
            changes.flatMap(([part, statement]) => {
              const rows = change[part]
              return rows
                ? [[part, { sent: rows.length, changed: Number(statement.run(JSON.stringify(rows)).changes) }]]
                : []
            }),
          ),
        options,
      ),
    replaceRoster: (course: number, { staff, students }: Roster, options?: { dry?: boolean }): RosterEffect =>
      transact(
        database,
        () => ({ staff: replaceStaff(course, staff), students: replaceStudents(course, students) }),
        options,
      ),
  }
}
