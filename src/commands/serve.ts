import { createLog } from "../log.ts"
import { start } from "../server.ts"
import { readSettings } from "../settings.ts"
import { readArguments } from "./arguments.ts"
import { untilStopped } from "./until-stopped.ts"

export async function serve(args: string[]): Promise<number> {
  readArguments(args, [], 0, "allim serve")
  const settings = readSettings(process.env)
  const log = createLog(settings.logLevel)
  const running = await start(settings, { log })
  const stopped = untilStopped(running, settings.stopTimeout, log)
  log.info({ url: running.url }, "listening") // after it: whoever reads this may send a signal
  return stopped
}
