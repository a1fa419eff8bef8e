import { type Clock, monotonic } from "./clock.ts"
import type { Upkeep } from "./history/upkeep.ts"

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** How many hours a cut that leaps has to wait, and how much further it may move meanwhile, in milliseconds. */
const PATIENCE = 24
const DRIFT = 7 * DAY

type Needs = {
  days: number
  upkeep: Pick<Upkeep, "newestAt" | "prunedTo" | "waitingCut" | "wait" | "prune">
  report(error: unknown): void
  /** The time of day, in milliseconds since 1970. */
  now?: () => number
  clock?: Clock
}

/**
 * Forgets what is older than `days`, now and every hour. Answers a function that stops it.
 *
 * A clock that leaps must not delete history: a cut counts from the newest record when the clock is ahead of that, and one that moves
 * more than a day further than time has passed here is put off until this has been asked for in 24 hours of a server's being up, in one
 * piece or in several.
 */
export function keepFor({ days, upkeep, report, now = Date.now, clock = monotonic }: Needs): () => void {
  /** The last cut that was carried out, and when that was, by this process's own measure. */
  let last: { to: number; at: number } | undefined
  let calledOff = () => {}

  /** Whether a cut that leaps has to wait. One that leaps far beyond what has been waiting waits anew. */
  async function mustWait(to: number, from: { to: number; at: number }, anHourLater: boolean): Promise<boolean> {
    if (to - from.to <= DAY + clock.now() - from.at) return false
    const waiting = await upkeep.waitingCut()
    const known = waiting && to - waiting.to <= DRIFT ? waiting : undefined
    const hours = known ? known.hours + (anHourLater ? 1 : 0) : 0
    if (hours >= PATIENCE) return false
    await upkeep.wait({ to: known?.to ?? to, hours })
    if (!known) report(putOff(to, from.to))
    return true
  }

  async function cut(anHourLater: boolean) {
    const newest = await upkeep.newestAt()
    last ??= { to: await upkeep.prunedTo(), at: clock.now() }
    // Before the first record there is nothing to forget, and so a cut to begin from.
    const to = Math.min(now(), newest || now()) - days * DAY
    if (newest > 0 && (await mustWait(to, last, anHourLater))) return
    await upkeep.prune(to)
    if (to !== last.to) last = { to, at: clock.now() }
  }

  async function everyHour(anHourLater = true) {
    let stopped = false
    calledOff = () => {
      stopped = true
    }
    // One that is called off may find everything closed.
    await cut(anHourLater).catch((error) => stopped || report(error))
    if (!stopped) calledOff = clock.after(HOUR, everyHour)
  }

  everyHour(false)
  return () => calledOff()
}

function putOff(to: number, last: number): Error {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  const before = last > 0 ? `, where it was ${day(last)}` : ""
  return new Error(
    `Everything before ${day(to)} would be forgotten at once${before}. That is put off for 24 hours of being up: if this server was not off for long ` +
      "and RETENTION_DAYS was not lowered, check this machine's clock, which may have leapt.",
  )
}
