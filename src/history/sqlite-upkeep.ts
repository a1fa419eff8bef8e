import type { DatabaseSync } from "node:sqlite"
import { idAt, timeOf } from "../id.ts"
import { transact } from "../sqlite.ts"
import type { EventKey } from "./notices.ts"
import { UNREAD } from "./sqlite-fields.ts"
import { keysJson } from "./sqlite-positions.ts"
import { inSteps } from "./sqlite-steps.ts"
import type { Bearer, WaitingCut } from "./upkeep.ts"

/** Rows forgotten in one step, each gone from every index: it holds up others for some hundredths of a second. */
const FORGET_STEP = 200

const OLDEST = `SELECT id FROM notification WHERE id < ? ORDER BY id LIMIT ${FORGET_STEP}`
const FORGET = "DELETE FROM notification WHERE id IN (SELECT value FROM json_each(?)) RETURNING event"
const FORGET_UNTOLD = `DELETE FROM event WHERE id IN (SELECT value FROM json_each(?))
  AND NOT EXISTS (SELECT 1 FROM notification WHERE notification.event = event.id)`

/**
 * Those of a field that a step's rows have; `unread` has its own trigger. The + takes a column's type away: SQLite would compare by it, and
 * no longer find a value by the key.
 */
const forgetEntries = (definition: string) => `DELETE FROM entry WHERE (field, educator, value, id) IN (
    SELECT ?1, n.educator, +(${definition}), n.id FROM notification AS n JOIN event AS e ON e.id = n.event
    WHERE n.id IN (SELECT value FROM json_each(?2))
  )`

const OLDEST_NOTICES = `SELECT position, educators FROM notice WHERE position < ? ORDER BY position LIMIT ${FORGET_STEP}`
const FORGET_NOTICES = `DELETE FROM notice WHERE position IN (SELECT position FROM (${OLDEST_NOTICES}))`
const FORGET_NAMES = `DELETE FROM notice_educator WHERE (educator, position) IN
  (SELECT named.value, oldest.position FROM (${OLDEST_NOTICES}) AS oldest, json_each(oldest.educators) AS named)`

/** By how much notices outlive what they took back, in milliseconds: a day, in which an LMS may send it again. */
const NOTICES_LONGER = 86_400_000

const BEARING = `SELECT n.id, n.educator, e.source, e.event_id AS eventId
  FROM json_each(?) AS asked
  CROSS JOIN event AS e ON e.source = asked.value ->> 0 AND e.event_id = asked.value ->> 1
  CROSS JOIN notification AS n ON n.event = e.id`

/** A commit that touches no row: it writes the number that tells SQLite files apart, "alim" in letters, again. */
const PING = "PRAGMA application_id = 0x616c696d"

/** Takes out of history what must not be there, in steps. */
export function upkeepOf(database: DatabaseSync) {
  const raisePrunedTo = database.prepare("UPDATE store SET pruned_to = max(pruned_to, ?), waiting = NULL")
  const setWaiting = database.prepare("UPDATE store SET waiting = ?")
  const oldest = database.prepare(OLDEST)
  const forget = database.prepare(FORGET)
  const forgetUntold = database.prepare(FORGET_UNTOLD)
  const forgetNames = database.prepare(FORGET_NAMES)
  const forgetNotices = database.prepare(FORGET_NOTICES)
  const fields = database
    .prepare("SELECT id, definition FROM field WHERE definition <> ?")
    .all(UNREAD)
    .map(({ id, definition }) => ({ id: Number(id), entries: database.prepare(forgetEntries(String(definition))) }))

  /** Rows go with what leads to them, and with their event when nobody else was told. */
  function forgetAll(ids: readonly number[]): number {
    const asked = JSON.stringify(ids)
    return transact(database, () => {
      for (const { id, entries } of fields) entries.run(id, asked)
      const events = forget.all(asked).map(({ event }) => event)
      forgetUntold.run(JSON.stringify([...new Set(events)]))
      return events.length
    })
  }

  return {
    wait: (cut: WaitingCut) => void setWaiting.run(JSON.stringify(cut)),

    async prune(before: number): Promise<number> {
      // Said first: from the first step on, history is not whole before this.
      raisePrunedTo.run(Math.floor(before))
      const noticesBefore = idAt(before - NOTICES_LONGER)
      await inSteps(() => {
        forgetNames.run(noticesBefore)
        return Number(forgetNotices.run(noticesBefore).changes)
      })
      return inSteps(() => {
        const ids = oldest.all(idAt(before)).map(({ id }) => Number(id))
        return ids.length > 0 ? forgetAll(ids) : 0
      })
    },

    async erase(ids: readonly number[]): Promise<void> {
      const left = [...ids]
      await inSteps(() => {
        const step = left.splice(0, FORGET_STEP)
        if (step.length > 0) forgetAll(step)
        return step.length
      })
    },

    ping: () => database.exec(PING),
  }
}

/** Reads what upkeep goes by. */
export function upkeepReader(database: DatabaseSync) {
  const readStore = database.prepare("SELECT newest, pruned_to AS prunedTo, waiting FROM store")
  const bearing = database.prepare(BEARING)

  return {
    newestAt() {
      const newest = Number(readStore.get()?.newest)
      return newest === 0 ? 0 : timeOf(newest)
    },
    prunedTo: () => Number(readStore.get()?.prunedTo),
    waitingCut() {
      const waiting = readStore.get()?.waiting
      return waiting ? (JSON.parse(String(waiting)) as WaitingCut) : undefined
    },
    bearing: (keys: readonly EventKey[]) => bearing.all(keysJson(keys)).map((row) => ({ ...row }) as Bearer),
  }
}
