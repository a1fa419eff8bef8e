import type { DatabaseSync } from "node:sqlite"
import { lister } from "./sqlite-list.ts"
import { unreadCounter } from "./sqlite-marks.ts"
import { noticeReader } from "./sqlite-notices.ts"
import { READ, type Row } from "./sqlite-query.ts"
import { catcherUp } from "./sqlite-since.ts"
import { upkeepReader } from "./sqlite-upkeep.ts"

export type Reader = ReturnType<typeof readerOf>

/** All that reads a history's file, and writes nothing. */
export function readerOf(database: DatabaseSync) {
  const read = database.prepare(READ)
  return {
    since: catcherUp(database),
    read: (ids: readonly number[]) => read.all(JSON.stringify(ids)).map((row) => ({ ...row }) as Row),
    list: lister(database),
    unread: unreadCounter(database),
    ...noticeReader(database),
    ...upkeepReader(database),
  }
}
