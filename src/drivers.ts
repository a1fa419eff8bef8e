import { mkdirSync } from "node:fs"
import type { Bus } from "./bus/bus.ts"
import { inProcessBus } from "./bus/in-process.ts"
import { claimDataDir } from "./data-dir.ts"
import { recordInTime, withDeadlines } from "./deadline.ts"
import type { WritableDirectory } from "./directory/directory.ts"
import { sqliteDirectory } from "./directory/sqlite.ts"
import type { History } from "./history/history.ts"
import type { Inbox } from "./history/inbox.ts"
import type { Notices } from "./history/notices.ts"
import { sqliteHistory } from "./history/sqlite.ts"
import type { Upkeep } from "./history/upkeep.ts"
import type { Opened } from "./opened.ts"
import type { Report } from "./report.ts"
import { dataFile, type Settings } from "./settings.ts"

export type Drivers = {
  history: History
  inbox: Inbox
  upkeep: Upkeep
  notices: Notices
  bus: Bus
  directory: WritableDirectory
}

type Options = {
  /** Is to close them. */
  opened: Pick<Opened, "defer">
  report: Report
}

/** What each call may take, in milliseconds, before whoever waits is told to come back. */
const RECORD = 10_000
const CATCH_UP = { since: 3_000, read: 3_000 }
/** A mark goes on whether or not anybody waits, and must be told to the other tabs when it is done: it has no deadline of its own. */
const INBOX = { list: 5_000, unread: 5_000 }
const DIRECTORY = { recipientsOf: 2_000, find: 2_000 }
const NOTICES = { post: 10_000, since: 3_000, withdrawn: 3_000, concern: 3_000 }
const BUS = { publish: 1_000, announce: 1_000 }

/** The one place where drivers are chosen: by settings, each embedded unless a URL names another. */
export async function openDrivers(settings: Settings, { opened, report }: Options): Promise<Drivers> {
  opened.defer("the data directory", claimDataDir(settings.dataDir))
  const died = (error: Error) => report("thread", error)
  mkdirSync(settings.dataDir, { recursive: true })
  const directory = sqliteDirectory({ path: dataFile(settings, "directory.sqlite"), report: died })
  opened.defer("the directory", directory.close)
  const store = sqliteHistory({
    path: dataFile(settings, "history.sqlite"),
    fields: settings.fields,
    report: died,
  })
  opened.defer("history", store.close)
  // Their threads have begun before anybody waits for them: names are waited for a quarter of a second only.
  await Promise.allSettled([directory.ping(), store.newestAt()])
  const bus = inProcessBus((error) => report("bus", error))
  opened.defer("the bus", bus.close)
  return {
    history: withDeadlines<History>(recordInTime(store, RECORD), CATCH_UP),
    inbox: withDeadlines<Inbox>(store, INBOX),
    upkeep: withDeadlines<Upkeep>(store, { bearing: 3_000 }),
    notices: withDeadlines<Notices>(store.notices, NOTICES),
    bus: withDeadlines<Bus>(bus, BUS),
    directory: withDeadlines<WritableDirectory>(directory, DIRECTORY),
  }
}

/** The embedded directory alone, for a program that has nothing else to do. Another process, such as a running server, may use it meanwhile. */
export function openDirectory(settings: Pick<Settings, "dataDir">): WritableDirectory {
  mkdirSync(settings.dataDir, { recursive: true })
  return sqliteDirectory({ path: dataFile(settings, "directory.sqlite"), here: true })
}
