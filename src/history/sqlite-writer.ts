import type { DatabaseSync } from "node:sqlite"
import { setImmediate as nextTurn } from "node:timers/promises"
import { indexer, MOST_FRESH } from "./sqlite-index.ts"
import { marker } from "./sqlite-marks.ts"
import { poster } from "./sqlite-notices.ts"
import { type Drafted, recorder } from "./sqlite-record.ts"
import { upkeepOf } from "./sqlite-upkeep.ts"

/** How long making entries rests after a failure, in milliseconds: a full disk, another process that writes. */
const REST = 1_000

export type Writer = ReturnType<typeof writerOf>

/** All that writes to a history's file. Between writes it makes the entries by which rows are found, while any are to be made. */
export function writerOf(database: DatabaseSync, mostFresh = MOST_FRESH) {
  const record = recorder(database)
  const index = indexer(database, mostFresh)
  let fresh = 0
  let busy = false

  async function makeEntries() {
    if (busy) return
    busy = true
    fresh = 0
    for (await nextTurn(); database.isOpen; await nextTurn()) {
      try {
        if (!index.step()) break
      } catch {
        // Nothing depends on it but lists; whatever is wrong with the file, writes tell of it.
        setTimeout(makeEntries, REST).unref()
        break
      }
    }
    busy = false
  }
  makeEntries()

  return {
    /** Whoever opens this in a thread begins it by a call. */
    begin() {},
    record(drafts: readonly Drafted[], now: number) {
      const outcomes = record(drafts, now)
      fresh += outcomes.recorded.reduce((rows, each) => rows + ("told" in each ? each.told.length : 0), 0)
      if (fresh >= mostFresh / 10) makeEntries()
      return outcomes
    },
    post: poster(database),
    markRead: marker(database),
    ...upkeepOf(database),
  }
}
