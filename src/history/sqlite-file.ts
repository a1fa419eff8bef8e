import type { DatabaseSync } from "node:sqlite"
import { openSqlite, transact } from "../sqlite.ts"
import { StartError } from "../start-error.ts"
import type { Field } from "./condition.ts"
import { definitionsOf } from "./sqlite-fields.ts"
import { SCHEMA } from "./sqlite-schema.ts"

/** Another process's write is waited for one second; while opening, when nobody waits for us yet, five. */
const BUSY_TIMEOUT = 1000
const PATIENCE = 5000

/**
 * Educators' pages of entries lie far apart, hence 32 MiB of cache, and 16 MiB of log before pages are brought home: measured, twice the
 * rate of SQLite's defaults. What a draft's undoing would need is kept in memory, not in a temporary file: measured, half as much again.
 */
const PRAGMAS = "PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4096; PRAGMA temp_store = MEMORY"

/** Opens the file, making it or bringing it up to date, for these fields and no other. */
export function openFile(path: string, fields: readonly Field[]): DatabaseSync {
  return opened(path, (database) =>
    transact(database, () => {
      migrate(database, path)
      declareFields(database, fields)
    }),
  )
}

/** Opens a file that is up to date, once more: to read from it, or to write. */
export function attachFile(path: string, to: "read" | "write"): DatabaseSync {
  return opened(path, (database) => {
    if (to === "read") database.exec("PRAGMA query_only = ON")
  })
}

function opened(path: string, prepare: (database: DatabaseSync) => void): DatabaseSync {
  const database = openSqlite(path, PATIENCE)
  try {
    database.exec(PRAGMAS)
    prepare(database)
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function migrate(database: DatabaseSync, path: string) {
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version)
  if (version > SCHEMA.length)
    throw new StartError(
      `${path} was written by a newer allim (its version is ${version}, this one knows ${SCHEMA.length}): start that one.`,
    )
  for (const step of SCHEMA.slice(version)) database.exec(step)
  database.exec(`PRAGMA user_version = ${SCHEMA.length}`)
}

/** Makes the file know these fields and no other; what was kept of others is taken away by and by. */
function declareFields(database: DatabaseSync, fields: readonly Field[]) {
  const wanted = JSON.stringify(definitionsOf(fields))
  database
    .prepare("UPDATE field SET definition = NULL WHERE definition NOT IN (SELECT value FROM json_each(?))")
    .run(wanted)
  const { older } = database.prepare("SELECT EXISTS (SELECT 1 FROM entry) AS older").get() ?? {}
  database
    .prepare(
      "INSERT INTO field (definition, cursor) SELECT value, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
    )
    .run(older ? "[]" : null, wanted)
}
