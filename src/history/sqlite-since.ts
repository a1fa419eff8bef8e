import type { DatabaseSync } from "node:sqlite"
import { snapshot } from "../sqlite.ts"
import type { Entry, Since, SinceQuery } from "./history.ts"

/** What is fresh of each educator. */
const FRESH = `SELECT told.educator, told.id, told.id AS position
  FROM json_each(?1) AS asked CROSS JOIN fresh AS told WHERE told.educator = asked.value AND told.id > max(?2, ?4)`

/**
 * The rest: one seek for each educator and either state. Where one has more than the limit, no further than the limit: whoever was away
 * for a year must not be walked through for three hundred entries.
 */
const MERGED = `SELECT told.educator, told.id, told.id AS position
  FROM json_each(?1) AS asked CROSS JOIN (SELECT 0 AS unread UNION ALL SELECT 1) AS state CROSS JOIN entry AS told
  WHERE told.field = 1 AND told.educator = asked.value AND told.value = state.unread AND told.id > ?2 AND told.id <= ifnull((
    SELECT id FROM entry WHERE field = 1 AND educator = asked.value AND value = state.unread AND id > ?2 AND id <= ?4
    ORDER BY id LIMIT 1 OFFSET ?3
  ), ?4)`

const inOrder = (entries: string) => `${entries} ORDER BY position LIMIT ?3 + 1`

export const SINCE = { fresh: inOrder(FRESH), all: inOrder(`${MERGED} UNION ALL ${FRESH}`) }

/** Reads what is new. */
export function catcherUp(database: DatabaseSync) {
  const readMarks = database.prepare("SELECT newest, merged FROM store")
  const readFresh = database.prepare(SINCE.fresh)
  const readAll = database.prepare(SINCE.all)

  return ({ educators, after, limit }: SinceQuery): Since => {
    const asked = JSON.stringify([...new Set(educators)])
    const { mark, found } = snapshot(database, () => {
      const marks = readMarks.get()
      const [mark, merged] = [Number(marks?.newest), Number(marks?.merged)]
      if (after === undefined) return { mark, found: [] }
      const read = after >= merged ? readFresh : readAll
      return { mark, found: read.all(asked, after, limit, merged) }
    })
    const entries = found.slice(0, limit).map((row) => ({ ...(row as Entry) }))
    return { entries, more: found.length > limit, mark, known: mark }
  }
}
