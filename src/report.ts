import { type Clock, monotonic } from "./clock.ts"
import { type Exceeded, exceedances } from "./limits.ts"
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
  const due = onceIn(every, monotonic)
  return (stage, error) => {
    if (due(stage)) report(stage, error)
  }
}

/** Every time that a limit is met is counted, and now and then one is told of. */
export function limitReporter(log: Log, metrics: Pick<Metrics, "exceeded">, clock: Clock = monotonic): Exceeded {
  const due = onceIn(MINUTE, clock)
  return (limit) => {
    metrics.exceeded.inc({ limit })
    if (due(limit)) log.warn({ limit }, exceedances[limit])
  }
}

/** Whether something is to be told again: true at most once in so many milliseconds for each `what`. */
export function onceIn(milliseconds: number, { now }: Pick<Clock, "now">) {
  const last = new Map<string, number>()
  return (what: string) => {
    const due = now() - (last.get(what) ?? Number.NEGATIVE_INFINITY) >= milliseconds
    if (due) last.set(what, now())
    return due
  }
}
