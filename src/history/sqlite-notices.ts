import type { DatabaseSync } from "node:sqlite"
import { idAt, timeOf } from "../id.ts"
import { snapshot, transact } from "../sqlite.ts"
import { type EventKey, MOST_NOTICES, type Notice, type Posted } from "./notices.ts"
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

/** Posts a notice to history's file, and answers its position. */
export function poster(database: DatabaseSync) {
  const readNewest = database.prepare("SELECT newest FROM store")
  const raiseNewest = database.prepare("UPDATE store SET newest = ?")
  const insert = database.prepare(POST)
  const name = database.prepare(NAME)

  return ({ kind, source, eventId, educators }: Notice, now: number): number =>
    transact(database, () => {
      const named = JSON.stringify(educators)
      const position = nextPosition(Number(readNewest.get()?.newest), now)
      insert.run(position, kind, source, eventId, named)
      name.run(position, named)
      raiseNewest.run(position)
      return position
    })
}

/** Reads what was posted there. */
export function noticeReader(database: DatabaseSync) {
  const readNewest = database.prepare("SELECT newest FROM store")
  const since = database.prepare(SINCE)
  const withdrawn = database.prepare(WITHDRAWN)
  const concern = database.prepare(CONCERN)

  return {
    noticesSince(after?: number): { notices: Posted[]; mark: number } {
      const { mark, rows } = snapshot(database, () => {
        const mark = Number(readNewest.get()?.newest)
        const [above, limit] = after === undefined ? [idAt(timeOf(mark) - DAY), MOST_NOTICES] : [after, -1]
        return { mark, rows: mark === 0 ? [] : since.all(above, limit) }
      })
      return { mark, notices: rows.map((row) => ({ ...row, educators: JSON.parse(String(row.educators)) }) as Posted) }
    },
    withdrawn: (keys: readonly EventKey[]) => withdrawn.all(keysJson(keys)).map((row) => ({ ...row }) as EventKey),
    concern: (educator: number, after: number) => concern.get(educator, after) !== undefined,
  }
}
