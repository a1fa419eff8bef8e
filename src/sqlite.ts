import { DatabaseSync } from "node:sqlite"

/** How long opening waits for another process that is opening the same new file, in milliseconds, and how long between two tries. */
const PATIENCE = 5_000
const PAUSE = 10

/** SQLite's primary result code for a file that another connection has locked; what stands above the lowest byte says more. */
const BUSY = 5

/**
 * Opens a file of ours, making it when it is not there; its folder must exist. Readers and a writer do not wait for each other (WAL), a
 * commit is on the disk when it returns (FULL; `fullfsync` makes macOS do so in earnest), and another process's write is waited for
 * `busyTimeout` milliseconds, which blocks this one.
 */
export function openSqlite(path: string, busyTimeout: number): DatabaseSync {
  const database = new DatabaseSync(path)
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeout}; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON`)
    turnOnLog(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** When two processes do this to a new file at once, SQLite refuses one of them instead of letting it wait. */
function turnOnLog(database: DatabaseSync) {
  for (const end = Date.now() + PATIENCE; ; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE)) {
    try {
      database.exec("PRAGMA journal_mode = WAL")
      return
    } catch (error) {
      if (!isBusy(error) || Date.now() > end) throw error
    }
  }
}

/** Whether something failed only because another connection is writing. */
export function isBusy(error: unknown): boolean {
  const { errcode = 0 } = error as { errcode?: number }
  return (errcode & 0xff) === BUSY
}

/** All of `work` or nothing; nobody else writes meanwhile. With `dry` it is tried, and undone. */
export function transact<T>(database: DatabaseSync, work: () => T, { dry = false } = {}): T {
  return between(database, "BEGIN IMMEDIATE", work, dry ? "ROLLBACK" : "COMMIT")
}

/** All that `work` reads is of one moment. */
export function snapshot<T>(database: DatabaseSync, work: () => T): T {
  return between(database, "BEGIN", work, "COMMIT")
}

function between<T>(database: DatabaseSync, begin: string, work: () => T, end: string): T {
  // One that could not be rolled back would refuse every later one.
  rollBack(database)
  database.exec(begin)
  try {
    const result = work()
    database.exec(end)
    return result
  } catch (error) {
    rollBack(database)
    throw error
  }
}

function rollBack(database: DatabaseSync) {
  try {
    if (database.isTransaction) database.exec("ROLLBACK")
  } catch {
    // The next one tries again; what is to be told is why this one failed.
  }
}
