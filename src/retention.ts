import type { History } from "./history/history.ts"
import { idAt } from "./id.ts"

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Forgets what is older than `days`, now and every hour. Answers a function that stops it. */
export function keepFor(days: number, history: Pick<History, "prune">, report: (error: unknown) => void): () => void {
  const prune = () => history.prune(idAt(Date.now() - days * DAY)).catch(report)
  prune()
  const timer = setInterval(prune, HOUR)
  return () => clearInterval(timer)
}
