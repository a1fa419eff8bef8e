import type { Action, Schedule } from "./schedule.ts"

/** Rounds of making it smaller; each may make possible what the one before could not. */
const ROUNDS = 6

type Fails = (schedule: Schedule) => Promise<boolean>

/** The smallest schedule found that still fails: with fewer actions first, then with rounder and smaller numbers. */
export async function shrink(schedule: Schedule, fails: Fails): Promise<Schedule> {
  let best = schedule
  for (let round = 0; round < ROUNDS; round++) {
    const before = best
    best = await withFewer(best, fails)
    best = await withRounder(best, fails)
    if (best === before) break
  }
  return { ...best, actions: best.actions.toSorted((a, b) => a.at - b.at) }
}

async function withFewer(schedule: Schedule, fails: Fails): Promise<Schedule> {
  let best = schedule
  for (let size = Math.max(1, best.actions.length >> 1); size >= 1; size >>= 1)
    for (let from = 0; from < best.actions.length; ) {
      const actions = best.actions.toSpliced(from, size)
      if (await fails({ ...best, actions })) best = { ...best, actions }
      else from += size
    }
  return best
}

async function withRounder(schedule: Schedule, fails: Fails): Promise<Schedule> {
  let best = schedule
  for (const index of best.actions.keys())
    for (const member of ["lasting", "by", "at"] as const)
      for (const value of rounder(best.actions[index]?.[member])) {
        const action = { ...(best.actions[index] as Action), [member]: value }
        const smaller = { ...best, actions: best.actions.with(index, action) }
        if (!(await fails(smaller))) continue
        best = smaller
        break
      }
  return best
}

function rounder(value: number | undefined): number[] {
  if (value === undefined) return []
  const rounded = [1_000, 500, 100].map((grain) => grain * Math.round(value / grain))
  return [...rounded, Math.round(value * 0.75)].filter(
    (smaller) => Math.abs(smaller) < Math.abs(value) && smaller !== 0,
  )
}
