// Records events into the file it is given, one after another, and writes each id on a line of its own: `after` it was recorded or, as a
// history must not answer, `before`. Ends when it is killed or has recorded as many as the third argument says.
import { writeSync } from "node:fs"
import type { History } from "../../src/history/history.ts"
import { sqliteHistory } from "../../src/history/sqlite.ts"
import { draft } from "./drafts.ts"

const [path = "", mode, count = "1000000"] = process.argv.slice(2)
const history = sqliteHistory({ path, fields: [] })
const recordLater: History["record"] = async (drafts) => {
  setTimeout(() => history.record(drafts), 50)
  return []
}
const record = mode === "before" ? recordLater : history.record

for (let recorded = 0; recorded < Number(count); recorded++) {
  const next = draft([42])
  // While another process writes without a pause, this one may not get its turn in time.
  for (let unknown = true; unknown; ) unknown = (await record([next]))[0]?.status === "unknown"
  writeSync(1, `${next.event.id}\n`)
  await new Promise(setImmediate)
}
