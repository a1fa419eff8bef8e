import type { DatabaseSync } from "node:sqlite"
import { idAt, timeOf } from "../id.ts"
import { answer } from "./sqlite-answer.ts"
import { inSteps } from "./sqlite-steps.ts"
import type { Upkeep, WaitingCut } from "./upkeep.ts"

/** Rows forgotten in one step, each gone from every index: it holds up others for some hundredths of a second. */
const FORGET_STEP = 200

const FORGET = `DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE id < ? ORDER BY id LIMIT ${FORGET_STEP})`

/** A commit that touches no row: it writes the number that tells SQLite files apart, "alim" in letters, again. */
const PING = "PRAGMA application_id = 0x616c696d"

export function upkeepOf(database: DatabaseSync): Upkeep {
  const readNewest = database.prepare("SELECT newest FROM store")
  const readPrunedTo = database.prepare("SELECT pruned_to AS prunedTo FROM store")
  const raisePrunedTo = database.prepare("UPDATE store SET pruned_to = max(pruned_to, ?), waiting = NULL")
  const readWaiting = database.prepare("SELECT waiting FROM store")
  const setWaiting = database.prepare("UPDATE store SET waiting = ?")
  const forget = database.prepare(FORGET)

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
    prune: answer((before: number) => {
      // Said first: from the first step on, history is not whole before this.
      raisePrunedTo.run(Math.floor(before))
      return inSteps(() => Number(forget.run(idAt(before)).changes))
    }),
    ping: answer(() => database.exec(PING)),
    async close() {
      if (database.isOpen) database.close()
    },
  }
}
