import type { DatabaseSync, StatementSync } from "node:sqlite"
import { LRUCache } from "lru-cache"
import type { Notification } from "../notification.ts"
import type { Field } from "./condition.ts"
import { type Inbox, type Marked, MOST_MARKED_IDS, type Query, type Selection } from "./inbox.ts"
import { answer } from "./sqlite-answer.ts"
import { fieldIndex, listQuery, toNotification } from "./sqlite-query.ts"
import { inSteps } from "./sqlite-steps.ts"

const MARK_STEP = MOST_MARKED_IDS

/** Statements of lists that are kept: one for each combination of filters. */
const LISTS = 100

const UNREAD = "SELECT count FROM unread WHERE educator = ?"
const MARK_IDS = `UPDATE notification SET read_at = ?
  WHERE id IN (SELECT value FROM json_each(?)) AND educator = ? AND unread = 1 RETURNING id`
const MARK_NEWEST = `UPDATE notification SET read_at = ? WHERE id IN (
    SELECT id FROM notification INDEXED BY by_unread WHERE educator = ? AND unread = 1 AND id < ? ORDER BY id DESC LIMIT ${MARK_STEP}
  ) RETURNING id`

export function inboxOf(database: DatabaseSync, fields: readonly Field[]): Inbox {
  const declared = new Set(fields.map((field) => fieldIndex(field).name))
  const unread = database.prepare(UNREAD)
  const markIds = database.prepare(MARK_IDS)
  const markNewest = database.prepare(MARK_NEWEST)
  const lists = new LRUCache<string, StatementSync>({ max: LISTS })

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

  async function markRead(educator: number, selection: Selection, readAt: string): Promise<Marked> {
    const ids =
      "all" in selection
        ? await markAll(educator, readAt)
        : idsOf(markIds.all(readAt, JSON.stringify(selection.ids), educator))
    return { ids, readAt, unread: countUnread(educator) }
  }

  return { list: answer(list), unread: answer(countUnread), markRead: answer(markRead) }
}

/** The ids of rows that a statement has returned in any order, newest first. */
function idsOf(rows: Record<string, unknown>[]): number[] {
  return rows.map(({ id }) => Number(id)).sort((a, b) => b - a)
}
