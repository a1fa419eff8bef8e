import type { DatabaseSync } from "node:sqlite"
import type { Entry, Since, SinceQuery } from "./history.ts"
import { snapshot } from "./sqlite-file.ts"

/**
 * One seek in the index for each educator. Where one has more than the limit, no further than the limit: whoever was away for a year
 * must not be walked through for three hundred entries.
 */
export const SINCE = `SELECT told.educator, told.id, told.id AS position
  FROM json_each(?1) AS asked CROSS JOIN notification AS told INDEXED BY by_educator
  WHERE told.educator = asked.value AND told.id > ?2 AND told.id <= ifnull((
    SELECT id FROM notification INDEXED BY by_educator WHERE educator = asked.value AND id > ?2 ORDER BY id LIMIT 1 OFFSET ?3
  ), ${Number.MAX_SAFE_INTEGER})
  ORDER BY told.id LIMIT ?3 + 1`

/** Reads what is new. Tells `saw` of the newest position that the read saw, which is its mark too. */
export function catcherUp(database: DatabaseSync, saw: (newest: number) => void) {
  const readNewest = database.prepare("SELECT newest FROM store")
  const readEntries = database.prepare(SINCE)

  return ({ educators, after, limit }: SinceQuery): Since => {
    const asked = JSON.stringify([...new Set(educators)])
    const { mark, found } = snapshot(database, () => ({
      mark: Number(readNewest.get()?.newest),
      found: after === undefined ? [] : readEntries.all(asked, after, limit),
    }))
    saw(mark)
    const entries = found.slice(0, limit).map((row) => ({ ...(row as Entry) }))
    return { entries, more: found.length > limit, mark, known: mark }
  }
}
