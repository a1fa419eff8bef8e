import type { DatabaseSync } from "node:sqlite"
import { idAt, timeOf } from "../id.ts"
import { answer } from "./sqlite-answer.ts"
import { keysJson } from "./sqlite-positions.ts"
import { inSteps } from "./sqlite-steps.ts"
import type { Bearer, Upkeep, WaitingCut } from "./upkeep.ts"

/** Rows forgotten in one step, each gone from every index: it holds up others for some hundredths of a second. */
const FORGET_STEP = 200

const FORGET = `DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE id < ? ORDER BY id LIMIT ${FORGET_STEP})`

const OLDEST_NOTICES = `SELECT position, educators FROM notice WHERE position < ? ORDER BY position LIMIT ${FORGET_STEP}`
const FORGET_NOTICES = `DELETE FROM notice WHERE position IN (SELECT position FROM (${OLDEST_NOTICES}))`
const FORGET_NAMES = `DELETE FROM notice_educator WHERE (educator, position) IN
  (SELECT named.value, oldest.position FROM (${OLDEST_NOTICES}) AS oldest, json_each(oldest.educators) AS named)`

/** By how much notices outlive what they took back, in milliseconds: a day, in which an LMS may send it again. */
const NOTICES_LONGER = 86_400_000

const BEARING = `SELECT told.id, told.educator, told.source, told.event_id AS eventId
  FROM json_each(?) AS asked CROSS JOIN notification AS told
  WHERE told.source = asked.value ->> 0 AND told.event_id = asked.value ->> 1`
const ERASE = "DELETE FROM notification WHERE id IN (SELECT value FROM json_each(?))"

/** A commit that touches no row: it writes the number that tells SQLite files apart, "alim" in letters, again. */
const PING = "PRAGMA application_id = 0x616c696d"

export function upkeepOf(database: DatabaseSync): Upkeep {
  const readNewest = database.prepare("SELECT newest FROM store")
  const readPrunedTo = database.prepare("SELECT pruned_to AS prunedTo FROM store")
  const raisePrunedTo = database.prepare("UPDATE store SET pruned_to = max(pruned_to, ?), waiting = NULL")
  const readWaiting = database.prepare("SELECT waiting FROM store")
  const setWaiting = database.prepare("UPDATE store SET waiting = ?")
  const forget = database.prepare(FORGET)
  const forgetNames = database.prepare(FORGET_NAMES)
  const forgetNotices = database.prepare(FORGET_NOTICES)
  const bearing = database.prepare(BEARING)
  const erase = database.prepare(ERASE)

  return {
    newestAt: answer(() => {
      const newest = Number(readNewest.get()?.newest)
      return newest === 0 ? 0 : timeOf(newest)
    }),
    prunedTo: answer(() => Number(readPrunedTo.get()?.prunedTo)),
    waitingCut: answer(() => {
      const waiting = readWaiting.get()?.waiting
      return waiting ? (JSON.parse(String(waiting)) as WaitingCut) : undefined
    }),
    wait: answer((cut: WaitingCut) => void setWaiting.run(JSON.stringify(cut))),
    prune: answer(async (before: number) => {
      // Said first: from the first step on, history is not whole before this.
      raisePrunedTo.run(Math.floor(before))
      const noticesBefore = idAt(before - NOTICES_LONGER)
      await inSteps(() => {
        forgetNames.run(noticesBefore)
        return Number(forgetNotices.run(noticesBefore).changes)
      })
      return inSteps(() => Number(forget.run(idAt(before)).changes))
    }),
    bearing: answer((keys) => bearing.all(keysJson(keys)).map((row) => ({ ...row }) as Bearer)),
    erase: answer(async (ids) => {
      const left = [...ids]
      await inSteps(() => {
        const step = left.splice(0, FORGET_STEP)
        if (step.length > 0) erase.run(JSON.stringify(step))
        return step.length
      })
    }),
    ping: answer(() => database.exec(PING)),
    async close() {
      if (database.isOpen) database.close()
    },
  }
}
