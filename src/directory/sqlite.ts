import { openSqlite } from "../sqlite.ts"
import type { Noun, Rows, WritableDirectory } from "./directory.ts"
import { SCHEMA } from "./sqlite-schema.ts"
import { openHere, openThreads } from "./sqlite-threads.ts"

type Options = {
  path: string
  /** How long an import in another process is waited for, in milliseconds: 5000. */
  patience?: number
  /** Everything in this thread: for a program that has nothing else to do. A database in memory is so, too. */
  here?: boolean
  /** Told of a thread that ended by itself; the next call starts it again. */
  report?: (error: Error) => void
}

/** Opens the embedded directory in the file `path`, making it when it is not there; its folder must exist. */
export function sqliteDirectory({ path, patience = 5000, here, report }: Options): WritableDirectory {
  const database = openSqlite(path, patience)
  database.exec(SCHEMA)
  const isHere = here || path === ":memory:"
  if (!isHere) database.close()
  const { read, write } = isHere ? openHere(database) : openThreads({ path, patience }, report)

  return {
    recipientsOf: (concerns) => read.call("recipientsOf", concerns),
    async find<N extends Noun>(noun: N, ids: readonly number[]) {
      const rows = (await read.call("find", noun, ids)) as Rows[N][]
      return new Map(rows.map((row) => [row.id, row]))
    },
    apply: (change, options) =>
      change instanceof Uint8Array ? write.call("applyText", change, options) : write.call("apply", change, options),
    replaceRoster: (course, roster, options) =>
      roster instanceof Uint8Array
        ? write.call("replaceRosterByText", course, roster, options)
        : write.call("replaceRoster", course, roster, options),
    ping: () => read.call("ping"),
    async close() {
      await Promise.all([read.close(), write.close()])
    },
  }
}
