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
