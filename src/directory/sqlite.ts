import { Problem } from "../problem.ts"
import { openSqlite } from "../sqlite.ts"
import type { DirectoryChange, Enrolment, Noun, Rows, WritableDirectory } from "./directory.ts"

/** The tables have the names and columns of the views that an LMS's own database offers. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS allim_student (user_index INTEGER PRIMARY KEY, user_id TEXT NOT NULL, user_name TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS allim_educator_student (
    educator_index INTEGER NOT NULL, student_index INTEGER NOT NULL, PRIMARY KEY (student_index, educator_index)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS allim_course (course_id INTEGER PRIMARY KEY, course_name TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS allim_assignment (
    assignment_id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL, assignment_name TEXT NOT NULL, due_at TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS allim_quiz (
    quiz_id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL, quiz_name TEXT NOT NULL, due_at TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS allim_lesson (
    lesson_id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL, lesson_name TEXT NOT NULL, due_at TEXT
  ) STRICT;
`

const SELECT: Record<Noun, string> = {
  student: `SELECT user_index AS id, user_id AS userId, user_name AS name
    FROM allim_student WHERE user_index IN (SELECT value FROM json_each(?))`,
  course: `SELECT course_id AS id, course_name AS name
    FROM allim_course WHERE course_id IN (SELECT value FROM json_each(?))`,
  assignment: `SELECT assignment_id AS id, course_id AS courseId, assignment_name AS name, due_at AS dueAt
    FROM allim_assignment WHERE assignment_id IN (SELECT value FROM json_each(?))`,
  quiz: `SELECT quiz_id AS id, course_id AS courseId, quiz_name AS name, due_at AS dueAt
    FROM allim_quiz WHERE quiz_id IN (SELECT value FROM json_each(?))`,
  lesson: `SELECT lesson_id AS id, course_id AS courseId, lesson_name AS name, due_at AS dueAt
    FROM allim_lesson WHERE lesson_id IN (SELECT value FROM json_each(?))`,
}

const SELECT_EDUCATORS = `SELECT student_index AS student, educator_index AS educator
  FROM allim_educator_student WHERE student_index IN (SELECT value FROM json_each(?)) ORDER BY student_index, educator_index`

/** One statement for each part of a change, in the order in which they are applied. */
const CHANGE: Record<keyof DirectoryChange, string> = {
  students: `INSERT OR REPLACE INTO allim_student (user_index, user_id, user_name)
    SELECT value ->> 'id', value ->> 'userId', value ->> 'name' FROM json_each(?)`,
  courses: `INSERT OR REPLACE INTO allim_course (course_id, course_name)
    SELECT value ->> 'id', value ->> 'name' FROM json_each(?)`,
  assignments: `INSERT OR REPLACE INTO allim_assignment (assignment_id, course_id, assignment_name, due_at)
    SELECT value ->> 'id', value ->> 'courseId', value ->> 'name', value ->> 'dueAt' FROM json_each(?)`,
  quizzes: `INSERT OR REPLACE INTO allim_quiz (quiz_id, course_id, quiz_name, due_at)
    SELECT value ->> 'id', value ->> 'courseId', value ->> 'name', value ->> 'dueAt' FROM json_each(?)`,
  lessons: `INSERT OR REPLACE INTO allim_lesson (lesson_id, course_id, lesson_name, due_at)
    SELECT value ->> 'id', value ->> 'courseId', value ->> 'name', value ->> 'dueAt' FROM json_each(?)`,
  noLongerTeaches: `DELETE FROM allim_educator_student WHERE (student_index, educator_index) IN
    (SELECT value ->> 'student', value ->> 'educator' FROM json_each(?))`,
  teaches: `INSERT OR IGNORE INTO allim_educator_student (student_index, educator_index)
    SELECT value ->> 'student', value ->> 'educator' FROM json_each(?)`,
}

/** An import in another process is waited for, 5 s at most. */
const BUSY_TIMEOUT = 5000

/** Opens the embedded directory in the file `path`, making it when it is not there; its folder must exist. */
export function sqliteDirectory({ path }: { path: string }): WritableDirectory {
  const database = openSqlite(path, BUSY_TIMEOUT)
  database.exec(SCHEMA)

  const prepare = <Key extends string>(queries: Record<Key, string>) =>
    Object.entries<string>(queries).map(([key, sql]) => [key as Key, database.prepare(sql)] as const)
  const selectEducators = database.prepare(SELECT_EDUCATORS)
  const select = new Map(prepare(SELECT))
  const changes = prepare(CHANGE)

  return {
    educatorsOf: answer((students: readonly number[]) => {
      const pairs = selectEducators.all(JSON.stringify(students)) as Enrolment[]
      const byStudent = Map.groupBy(pairs, ({ student }) => student)
      return new Map([...byStudent].map(([student, taught]) => [student, taught.map(({ educator }) => educator)]))
    }),

    find: answer(<N extends Noun>(noun: N, ids: readonly number[]) => {
      const rows = select.get(noun)?.all(JSON.stringify(ids)) as Rows[N][]
      return new Map(rows.map((row) => [row.id, { ...row }]))
    }),

    apply: answer((change: DirectoryChange) => {
      database.exec("BEGIN IMMEDIATE")
      try {
        for (const [part, statement] of changes) statement.run(JSON.stringify(change[part] ?? []))
        database.exec("COMMIT")
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK")
        throw error
      }
    }),

    ping: answer(() => void selectEducators.get("[]")),

    async close() {
      if (database.isOpen) database.close()
    },
  }
}

/** Whatever goes wrong in a query, the storage has not answered. */
function answer<Asked extends unknown[], Found>(query: (...asked: Asked) => Found) {
  return async (...asked: Asked): Promise<Found> => {
    try {
      return query(...asked)
    } catch (cause) {
      throw new Problem("unavailable", "The directory does not answer", { cause })
    }
  }
}
