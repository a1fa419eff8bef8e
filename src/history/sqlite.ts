import type { Field } from "./condition.ts"
import type { History } from "./history.ts"
import type { Inbox } from "./inbox.ts"
import type { Notices } from "./notices.ts"
import { answer } from "./sqlite-answer.ts"
import { openFile } from "./sqlite-file.ts"
import { inboxOf } from "./sqlite-inbox.ts"
import { noticesOf } from "./sqlite-notices.ts"
import { READ, toNotification } from "./sqlite-query.ts"
import { recorder } from "./sqlite-record.ts"
import { catcherUp } from "./sqlite-since.ts"
import { upkeepOf } from "./sqlite-upkeep.ts"
import type { Upkeep } from "./upkeep.ts"

/** All of the ports over one file. */
export type Store = History & Inbox & Upkeep & { notices: Notices }

type Options = {
  path: string
  fields: readonly Field[]
  /** The clock that ids follow, in milliseconds since 1970. */
  now?: () => number
}

/**
 * Keeps history in the file `path`, making it when it is not there; its folder must exist. Throws a `StartError` for a file that a newer
 * version has written.
 *
 * A position is the id itself. The newest that was ever given stands in the file and only rises: whatever a clock does, and whatever is
 * deleted, the next one is above all that anybody has seen.
 */
export function sqliteHistory({ path, fields, now = Date.now }: Options): Store {
  const database = openFile(path, fields)
  const { name, newest } = database.prepare("SELECT name, newest FROM store").get() ?? {}
  const read = database.prepare(READ)
  let known = Number(newest)
  const learn = (position: number) => {
    if (position > known) known = position
  }

  return {
    ...inboxOf(database, fields),
    ...upkeepOf(database),
    store: String(name),
    lag: 0,
    get known() {
      return known
    },
    learn,
    record: recorder(database, now, learn),
    since: answer(catcherUp(database, learn)),
    notices: noticesOf(database, now, learn),
    read: answer((ids: readonly number[]) => read.all(JSON.stringify(ids)).map(toNotification)),
  }
}
