import type { Log } from "./log.ts"
import type { Metrics, Stage } from "./metrics.ts"

/** Told of every failure that nobody waits for. */
export type Report = (stage: Stage, error: unknown) => void

export function reporter(log: Log, metrics: Pick<Metrics, "errors">): Report {
  return (stage, error) => {
    metrics.errors.inc({ stage })
    log.error({ stage, err: error }, `${stage} failed`)
  }
}

/** How often a failure that thousands may meet at once is told of: once in 10 s. */
const SELDOM = 10_000

/** How often it is told that a limit was reached, in milliseconds: once a minute. */
export const MINUTE = 60_000

/** The same report, told of each stage no more often than that. */
export function seldom(report: Report, every = SELDOM): Report {
  const last = new Map<Stage, number>()
  return (stage, error) => {
    if (performance.now() - (last.get(stage) ?? Number.NEGATIVE_INFINITY) < every) return
    last.set(stage, performance.now())
    report(stage, error)
  }
}
