import type { Log } from "../log.ts"
import type { Running } from "../server.ts"

/**
 * Serves until SIGTERM or SIGINT, then stops cleanly; a second signal, or `timeout` seconds, ends it at once. The exit code is 0 when
 * everything was closed, else 1: the log says what was not.
 */
export async function untilStopped(running: Running, timeout: number, log: Log): Promise<number> {
  const signal = await nextSignal()
  log.info({ signal }, "stopping")
  const overdue = Promise.withResolvers<number>()
  setTimeout(() => overdue.resolve(1), timeout * 1000)
  const stopped = running.stop().then(
    () => 0,
    () => 1,
  )
  const code = await Promise.race([stopped, overdue.promise, nextSignal().then(() => 1)])
  log.info({ code }, code === 0 ? "stopped" : "stopped before everything was closed")
  process.exit(code)
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once("SIGTERM", resolve)
    process.once("SIGINT", resolve)
  })
}
