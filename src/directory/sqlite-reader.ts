import type { DatabaseSync } from "node:sqlite"
import type { Noun, Rows } from "./directory.ts"
import { recipientFinder } from "./sqlite-recipients.ts"

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

export type DirectoryReader = ReturnType<typeof directoryReader>

/** All that reads a directory's file, and writes nothing. */
export function directoryReader(database: DatabaseSync) {
  const select = new Map(Object.entries(SELECT).map(([noun, sql]) => [noun, database.prepare(sql)]))
  const ping = database.prepare("SELECT 1 FROM allim_course LIMIT 1")
  return {
    recipientsOf: recipientFinder(database),
    find(noun: Noun, ids: readonly number[]) {
      const rows = select.get(noun)?.all(JSON.stringify(ids)) as Rows[Noun][]
      return rows.map((row) => ({ ...row }))
    },
    ping: () => void ping.get(),
  }
}
