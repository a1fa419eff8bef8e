import type { Draft } from "./history/history.ts"

/** How much something asks for: how many items it is, and what they weigh together. */
export type Load = { readonly count: number; readonly weight: number }

/**
 * What is recorded together at most, unless one event is more. A sync is shared well by 200 events, and more rows would hold up others for
 * longer: 1,000, of as many educators in a history of 300,000, took 0.04 s (`npm run bench -- probes`). It is 1 MiB of data at most.
 */
export const PORTION: Load = { count: 200, weight: 1000 }

/** The weight that may wait to be recorded: some seconds of writing, and 50 MiB of data. */
export const WAITING = 50_000

/** How many of these go together, from the first on: as many as `most` allows, and always the first. */
export function fitting(loads: readonly Load[], most: Load): number {
  let [count, weight] = [0, 0]
  const beyond = loads.findIndex((load, index) => {
    count += load.count
    weight += load.weight
    return index > 0 && (count > most.count || weight > most.weight)
  })
  return beyond < 0 ? loads.length : beyond
}

/** What a draft weighs: its rows, at least one, each heavier by one for every KiB of data, which a driver may write with each of them. */
export function weightOf({ event, recipients }: Draft): number {
  return Math.max(1, recipients.length) * (1 + Math.floor(JSON.stringify(event.data).length / 1024))
}

/** Drafts in portions, in order; none is divided. */
export function* portionsOf<D extends Draft>(drafts: readonly D[]): Generator<D[]> {
  const left = drafts.map((draft) => ({ draft, count: 1, weight: weightOf(draft) }))
  while (left.length > 0) yield left.splice(0, fitting(left, PORTION)).map(({ draft }) => draft)
}
