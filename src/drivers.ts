import { mkdirSync } from "node:fs"
import type { Bus } from "./bus/bus.ts"
import { inProcessBus } from "./bus/in-process.ts"
import { claimDataDir } from "./data-dir.ts"
import type { WritableDirectory } from "./directory/directory.ts"
import { sqliteDirectory } from "./directory/sqlite.ts"
import type { History } from "./history/history.ts"
import { sqliteHistory } from "./history/sqlite.ts"
import { openAll } from "./opened.ts"
import type { Report } from "./report.ts"
import { dataFile, type Settings } from "./settings.ts"

export type Drivers = { history: History; bus: Bus; directory: WritableDirectory; close(): Promise<void> }

type Options = { report: Report }

/** The one place where drivers are chosen: by settings, each embedded unless a URL names another. */
export function openDrivers(settings: Settings, { report }: Options): Promise<Drivers> {
  return openAll(async (opened) => {
    opened.defer(claimDataDir(settings.dataDir))
    const directory = openDirectory(settings)
    opened.defer(directory.close)
    const history = sqliteHistory({ path: dataFile(settings, "history.sqlite"), fields: settings.fields })
    opened.defer(history.close)
    const bus = inProcessBus((error) => report("bus", error))
    opened.defer(bus.close)
    return { history, bus, directory, close: opened.close }
  })
}

/** The embedded directory alone: another process may write to it while a server is running. */
export function openDirectory(settings: Pick<Settings, "dataDir">): WritableDirectory {
  mkdirSync(settings.dataDir, { recursive: true })
  return sqliteDirectory({ path: dataFile(settings, "directory.sqlite") })
}
