import { Problem } from "../problem.ts"
import { openSqlite } from "../sqlite.ts"
import type { Noun, Rows, WritableDirectory } from "./directory.ts"
import { directoryWriter } from "./sqlite-change.ts"
import { recipientFinder } from "./sqlite-recipients.ts"
import { SCHEMA } from "./sqlite-schema.ts"

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

type Options = {
  path: string
  /** How long an import in another process is waited for, in milliseconds: 5000. */
  patience?: number
}

/** Opens the embedded directory in the file `path`, making it when it is not there; its folder must exist. */
export function sqliteDirectory({ path, patience = 5000 }: Options): WritableDirectory {
  const database = openSqlite(path, patience)
  database.exec(SCHEMA)
  const select = new Map(Object.entries(SELECT).map(([noun, sql]) => [noun, database.prepare(sql)]))
  const { apply, replaceRoster } = directoryWriter(database, patience)
  const ping = database.prepare("SELECT 1 FROM allim_course LIMIT 1")

  return {
    recipientsOf: answer(recipientFinder(database)),
    find: answer(<N extends Noun>(noun: N, ids: readonly number[]) => {
      const rows = select.get(noun)?.all(JSON.stringify(ids)) as Rows[N][]
      return new Map(rows.map((row) => [row.id, { ...row }]))
    }),
    apply: answer(apply),
    replaceRoster: answer(replaceRoster),
    ping: answer(() => void ping.get()),

    async close() {
      if (database.isOpen) database.close()
    },
  }
}

/** Whatever goes wrong in a query, the storage has not answered. */
function answer<Asked extends unknown[], Found>(query: (...asked: Asked) => Found | Promise<Found>) {
  return async (...asked: Asked): Promise<Found> => {
    try {
      return await query(...asked)
    } catch (cause) {
      throw new Problem("unavailable", "The directory does not answer", { cause })
    }
  }
}
