import type { DatabaseSync } from "node:sqlite"
import { type Marked, MOST_MARKED_IDS, type Selection } from "./inbox.ts"
import { inSteps } from "./sqlite-steps.ts"

const STEP = MOST_MARKED_IDS

const MARK_IDS = `UPDATE notification SET read_at = ?
  WHERE id IN (SELECT value FROM json_each(?)) AND educator = ? AND read_at IS NULL RETURNING id`
const MARK_NEWEST = `UPDATE notification SET read_at = ?1 WHERE read_at IS NULL AND id IN (
    SELECT id FROM (
      SELECT f.id FROM fresh AS f JOIN notification AS n ON n.id = f.id
        WHERE f.educator = ?2 AND f.id < ?3 AND n.read_at IS NULL
      UNION SELECT id FROM (
        SELECT id FROM entry WHERE field = 1 AND educator = ?2 AND value = 1 AND id < ?3 ORDER BY id DESC LIMIT ${STEP}
      )
    ) ORDER BY id DESC LIMIT ${STEP}
  ) RETURNING id`

/** Marks an educator's notifications as read, of all of them in steps. */
export function marker(database: DatabaseSync) {
  const markIds = database.prepare(MARK_IDS)
  const markNewest = database.prepare(MARK_NEWEST)
  const unread = unreadCounter(database)

  async function markAll(educator: number, readAt: string): Promise<number[]> {
    const ids: number[] = []
    await inSteps(() => {
      const marked = idsOf(markNewest.all(readAt, educator, ids.at(-1) ?? Number.MAX_SAFE_INTEGER))
      ids.push(...marked)
      return marked.length
    })
    return ids.slice(0, MOST_MARKED_IDS)
  }

  return async (educator: number, selection: Selection, readAt: string): Promise<Marked> => {
    const ids =
      "all" in selection
        ? await markAll(educator, readAt)
        : idsOf(markIds.all(readAt, JSON.stringify(selection.ids), educator))
    return { ids, readAt, unread: unread(educator) }
  }
}

export function unreadCounter(database: DatabaseSync) {
  const count = database.prepare("SELECT count FROM unread WHERE educator = ?")
  return (educator: number) => Number(count.get(educator)?.count ?? 0)
}

/** The ids of rows that a statement has returned in any order, newest first. */
function idsOf(rows: Record<string, unknown>[]): number[] {
  return rows.map(({ id }) => Number(id)).sort((a, b) => b - a)
}
