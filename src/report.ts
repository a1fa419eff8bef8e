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

/** The same report, told of each stage no more often than that. */
export function seldom(report: Report): Report {
  const last = new Map<Stage, number>()
  return (stage, error) => {
    if (performance.now() - (last.get(stage) ?? Number.NEGATIVE_INFINITY) < SELDOM) return
    last.set(stage, performance.now())
    report(stage, error)
  }
}
