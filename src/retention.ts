import { type Clock, monotonic } from "./clock.ts"
import type { Upkeep } from "./history/upkeep.ts"

const HOUR = 3_600_000
const DAY = 24 * HOUR

type Needs = {
  days: number
  upkeep: Pick<Upkeep, "newestAt" | "prunedTo" | "prune">
  report(error: unknown): void
  /** The time of day, in milliseconds since 1970. */
  now?: () => number
  clock?: Clock
}

/** Up to when history was to be forgotten (milliseconds since 1970), and when that was, by this process's own measure. */
type Cut = { to: number; at: number }

/**
 * Forgets what is older than `days`, now and every hour. Answers a function that stops it.
 *
 * A clock that leaps must not delete history: a cut counts from the newest record when the clock is ahead of that, and one that moves
 * more than a day further than time has passed here is put off until it has been asked for all day long.
 */
export function keepFor({ days, upkeep, report, now = Date.now, clock = monotonic }: Needs): () => void {
  let last: Cut | undefined
  let asked: Cut | undefined
  let calledOff = () => {}
  const leaps = (to: number, from: Cut) => to - from.to > DAY + clock.now() - from.at

  /** Whether a cut that leaps has to wait. One that leaps further than what has been waiting waits from now on. */
  function mustWait(to: number, from: Cut): boolean {
    if (!leaps(to, from)) return false
    if (asked && !leaps(to, asked)) return clock.now() - asked.at < DAY
    asked = { to, at: clock.now() }
    report(putOff(to, from.to))
    return true
  }

  async function cut() {
    const newest = await upkeep.newestAt()
    last ??= { to: await upkeep.prunedTo(), at: clock.now() }
    // Before the first record there is nothing to forget, and so a cut to begin from.
    const to = Math.min(now(), newest || now()) - days * DAY
    if (newest > 0 && mustWait(to, last)) return
    await upkeep.prune(to)
    asked = undefined
    if (to !== last.to) last = { to, at: clock.now() }
  }

  async function everyHour() {
    let stopped = false
    calledOff = () => {
      stopped = true
    }
    await cut().catch(report)
    if (!stopped) calledOff = clock.after(HOUR, everyHour)
  }

  everyHour()
  return () => calledOff()
}

function putOff(to: number, last: number): Error {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  const before = last > 0 ? `, where it was ${day(last)}` : ""
  return new Error(
    `Everything before ${day(to)} would be forgotten at once${before}. That is put off for 24 hours: if this server was not off for long ` +
      "and RETENTION_DAYS was not lowered, check this machine's clock, which may have leapt.",
  )
}
