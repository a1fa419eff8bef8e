import type { StatementSync } from "node:sqlite"
import { setImmediate as nextTurn } from "node:timers/promises"
import { LRUCache } from "lru-cache"
import { idMaker } from "../id.ts"
import type { Notification } from "../notification.ts"
import { Problem } from "../problem.ts"
import type { Field } from "./condition.ts"
import { type Draft, type History, MOST_MARKED_IDS, type Query, type Recorded, type Selection } from "./history.ts"
import { openFile, transact } from "./sqlite-file.ts"
import { COLUMNS, fieldIndex, listQuery } from "./sqlite-query.ts"

/** Rows forgotten in one step, each gone from every index: it holds up others for some hundredths of a second. Marking is lighter. */
const FORGET_STEP = 200
const MARK_STEP = MOST_MARKED_IDS

/** Statements of lists that are kept: one for each combination of filters. */
const LISTS = 100

/** SQLite's primary result codes that say nothing against the call: busy, locked, read-only, I/O error, full, cannot open. */
const UNAVAILABLE = new Set([5, 6, 8, 10, 13, 14])

/** Does nothing to an event that reached somebody before, or nobody once again. */
const RECORD_EVENT = `INSERT INTO event (id, source, event_id, recipients) VALUES (?, ?, ?, ?)
  ON CONFLICT (source, event_id) DO UPDATE SET id = excluded.id, recipients = excluded.recipients
  WHERE recipients = 0 AND excluded.recipients > 0`
const RECORD_NOTIFICATION = `INSERT INTO notification
  (id, educator, student, source, event_id, type, occurred_at, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
const NEWEST_ID = `SELECT max(
  ifnull((SELECT max(id) FROM event), 0), ifnull((SELECT max(id) FROM notification), 0)) AS id`
const SINCE = `SELECT ${COLUMNS} FROM notification INDEXED BY by_educator WHERE educator = ? AND id > ? ORDER BY id LIMIT ?`
const UNREAD = "SELECT count FROM unread WHERE educator = ?"
const MARK_IDS = `UPDATE notification SET read_at = ?
  WHERE id IN (SELECT value FROM json_each(?)) AND educator = ? AND unread = 1 RETURNING id`
const MARK_NEWEST = `UPDATE notification SET read_at = ? WHERE id IN (
    SELECT id FROM notification INDEXED BY by_unread WHERE educator = ? AND unread = 1 AND id < ? ORDER BY id DESC LIMIT ${MARK_STEP}
  ) RETURNING id`
const forget = (table: "notification" | "event") =>
  `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE id < ? ORDER BY id LIMIT ${FORGET_STEP})`
/** A commit that touches no row: it writes the number that tells SQLite files apart, "alim" in letters, again. */
const PING = "PRAGMA application_id = 0x616c696d"

/**
 * Keeps history in the file `path`, making it when it is not there; its folder must exist. Throws a `StartError` for a file that a newer
 * version has written.
 */
export function sqliteHistory({ path, fields }: { path: string; fields: readonly Field[] }): History {
  const database = openFile(path, fields)
  const declared = new Set(fields.map((field) => fieldIndex(field).name))
  const recordEvent = database.prepare(RECORD_EVENT)
  const recordNotification = database.prepare(RECORD_NOTIFICATION)
  const newestId = database.prepare(NEWEST_ID)
  const since = database.prepare(SINCE)
  const unread = database.prepare(UNREAD)
  const markIds = database.prepare(MARK_IDS)
  const markNewest = database.prepare(MARK_NEWEST)
  const forgetNotifications = database.prepare(forget("notification"))
  const forgetEvents = database.prepare(forget("event"))
  const lists = new LRUCache<string, StatementSync>({ max: LISTS })
  const makeId = idMaker()

  function record(drafts: readonly Draft[]): Recorded[] {
    // Nobody else writes now, so beginning above the newest id keeps them unique and growing, whatever the clock or another process did.
    let newest = Number(newestId.get()?.id)
    const nextId = () => {
      newest = Math.max(makeId(), newest + 1)
      return newest
    }
    return drafts.map(({ event, recipients }) => {
      const { source, id: eventId, type, occurredAt, student } = event
      const { changes } = recordEvent.run(nextId(), source, eventId, recipients.length)
      if (changes === 0) return { duplicate: true, notifications: [] }
      const data = JSON.stringify(event.data)
      const notifications = recipients.map((educator): Notification => {
        const id = nextId()
        recordNotification.run(id, educator, student, source, eventId, type, occurredAt, data)
        return { id, educator, student, source, eventId, type, occurredAt, readAt: null, data: event.data }
      })
      return { duplicate: false, notifications }
    })
  }

  function list(query: Query): Notification[] {
    const stranger = query.conditions?.find(({ field }) => !declared.has(fieldIndex(field).name))
    if (stranger) throw new Error(`The field ${stranger.field.path} is not declared`)
    const { sql, values } = listQuery(query)
    const statement = lists.get(sql) ?? database.prepare(sql)
    lists.set(sql, statement)
    return statement.all(...values).map(toNotification)
  }

  async function markAll(educator: number, readAt: string): Promise<number[]> {
    const ids: number[] = []
    await inSteps(() => {
      const marked = idsOf(markNewest.all(readAt, educator, ids.at(-1) ?? Number.MAX_SAFE_INTEGER))
      ids.push(...marked)
      return marked.length
    })
    return ids.slice(0, MOST_MARKED_IDS)
  }

  const countUnread = (educator: number) => Number(unread.get(educator)?.count ?? 0)

  return {
    record: answer((drafts: readonly Draft[]) => transact(database, () => record(drafts))),
    list: answer(list),
    since: answer((educator: number, after: number, limit: number) =>
      since.all(educator, after, limit).map(toNotification),
    ),
    unread: answer(countUnread),
    markRead: answer(async (educator: number, selection: Selection, readAt: string) => {
      const ids =
        "all" in selection
          ? await markAll(educator, readAt)
          : idsOf(markIds.all(readAt, JSON.stringify(selection.ids), educator))
      return { ids, readAt, unread: countUnread(educator) }
    }),
    prune: answer(async (before: number) => {
      const notifications = await inSteps(() => Number(forgetNotifications.run(before).changes))
      await inSteps(() => Number(forgetEvents.run(before).changes))
      return notifications
    }),
    ping: answer(() => database.exec(PING)),
    async close() {
      if (database.isOpen) database.close()
    },
  }
}

function toNotification(row: Record<string, unknown>): Notification {
  return { ...(row as Notification), data: JSON.parse(String(row.data)) }
}

/** The ids of rows that a statement has returned in any order, newest first. */
function idsOf(rows: Record<string, unknown>[]): number[] {
  return rows.map(({ id }) => Number(id)).sort((a, b) => b - a)
}

/** Repeats a step until it changes nothing, and lets others have their turn between. Answers how many rows were changed. */
async function inSteps(step: () => number): Promise<number> {
  let total = 0
  for (let changed = step(); changed > 0; changed = step()) {
    total += changed
    await nextTurn()
  }
  return total
}

/** Turns a query into a method: what tells that the storage does not answer becomes the problem `unavailable`. */
function answer<Asked extends unknown[], Found>(query: (...asked: Asked) => Found | Promise<Found>) {
  return async (...asked: Asked): Promise<Found> => {
    try {
      return await query(...asked)
    } catch (cause) {
      const { code, errcode = 0 } = cause as { code?: string; errcode?: number }
      const isClosed = code === "ERR_INVALID_STATE"
      if (!isClosed && !UNAVAILABLE.has(errcode & 0xff)) throw cause
      throw new Problem("unavailable", "The history does not answer; try again.", { retryAfter: 1, cause })
    }
  }
}
