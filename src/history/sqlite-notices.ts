import type { DatabaseSync } from "node:sqlite"
import { idAt, timeOf } from "../id.ts"
import { type EventKey, MOST_NOTICES, type Notices, type Posted } from "./notices.ts"
import { answer } from "./sqlite-answer.ts"
import { snapshot, transact } from "./sqlite-file.ts"
import { keysJson, nextPosition } from "./sqlite-positions.ts"

const DAY = 86_400_000

const POST = "INSERT INTO notice (position, kind, source, event_id, educators) VALUES (?, ?, ?, ?, ?)"
const NAME = "INSERT INTO notice_educator (educator, position) SELECT DISTINCT value, ?1 FROM json_each(?2)"
const SINCE = `SELECT * FROM (
    SELECT position, kind, source, event_id AS eventId, educators FROM notice WHERE position > ? ORDER BY position DESC LIMIT ?
  ) ORDER BY position`
const WITHDRAWN = `SELECT asked.value ->> 0 AS source, asked.value ->> 1 AS eventId FROM json_each(?) AS asked
  WHERE EXISTS (SELECT 1 FROM notice WHERE source = asked.value ->> 0 AND event_id = asked.value ->> 1 AND kind = 'withdrawn')`
const CONCERN = "SELECT 1 FROM notice_educator WHERE educator = ? AND position > ? LIMIT 1"

/** Notices stand in history's file. Tells `saw` of the newest position. */
export function noticesOf(database: DatabaseSync, now: () => number, saw: (newest: number) => void): Notices {
  const readNewest = database.prepare("SELECT newest FROM store")
  const raiseNewest = database.prepare("UPDATE store SET newest = ?")
  const insert = database.prepare(POST)
  const name = database.prepare(NAME)
  const since = database.prepare(SINCE)
  const withdrawn = database.prepare(WITHDRAWN)
  const concern = database.prepare(CONCERN)
  const newest = () => Number(readNewest.get()?.newest)

  return {
    post: answer((notice) => {
      const { kind, source, eventId } = notice
      const educators = JSON.stringify(notice.educators)
      const position = transact(database, () => {
        const position = nextPosition(newest(), now)
        insert.run(position, kind, source, eventId, educators)
        name.run(position, educators)
        raiseNewest.run(position)
        return position
      })
      saw(position)
      return { ...notice, position }
    }),

    since: answer((after) => {
      const { mark, rows } = snapshot(database, () => {
        const mark = newest()
        const [above, limit] = after === undefined ? [idAt(timeOf(mark) - DAY), MOST_NOTICES] : [after, -1]
        return { mark, rows: mark === 0 ? [] : since.all(above, limit) }
      })
      saw(mark)
      return { mark, notices: rows.map((row) => ({ ...row, educators: JSON.parse(String(row.educators)) }) as Posted) }
    }),

    withdrawn: answer((keys) => withdrawn.all(keysJson(keys)).map((row) => ({ ...row }) as EventKey)),
    concern: answer((educator, after) => concern.get(educator, after) !== undefined),
  }
}
