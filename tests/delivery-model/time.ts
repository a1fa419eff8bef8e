import { drainMicrotasks } from "bun:jsc"
import type { Clock } from "../../src/clock.ts"

/** More events than any schedule needs: beyond, something runs in circles. */
const MOST_EVENTS = 400_000

type Due = { at: number; turn: number; run: () => void }

/** The time of a simulated world, in milliseconds: it passes when everything that could be done at one moment has been done. */
export type Time = {
  readonly now: number
  /** How much has happened. */
  readonly events: number
  /** Runs it so many milliseconds from now, after whatever was planned for that moment before. */
  after(milliseconds: number, run: () => void): void
  /** Time stands still until this work of the real world is done. */
  outside(work: Promise<unknown>): void
  /** Lets time pass. Answers whether it got there: a world that runs in circles does not. */
  until(end: number): Promise<boolean>
}

export function timeOf(): Time {
  const due: Due[] = []
  let now = 0
  let turn = 0
  let events = 0
  let waits: Promise<unknown> | undefined

  return {
    get now() {
      return now
    },
    get events() {
      return events
    },
    after(milliseconds, run) {
      push(due, { at: now + Math.max(0, milliseconds), turn: turn++, run })
    },
    outside(work) {
      waits = waits ? Promise.all([waits, work]) : work
    },
    async until(end) {
      for (; events < MOST_EVENTS; events++) {
        const next = due[0]
        if (!next || next.at > end) return true
        pop(due)
        now = next.at
        next.run()
        drainMicrotasks()
        if (waits) {
          await waits
          waits = undefined
          // Its answer leaves at this moment, too.
          drainMicrotasks()
        }
      }
      return false
    },
  }
}

/** One life of a process, from its start until it is killed: nothing reaches it afterwards, and what comes while it is frozen waits. */
export type Life = Clock & {
  readonly process: number
  readonly alive: boolean
  /** Does this inside the process: now, or once it is no longer frozen, or never. */
  enter(run: () => void): void
  freeze(milliseconds: number): void
  end(): void
}

export function lifeOf(time: Time, process: number): Life {
  let alive = true
  let frozenUntil = 0
  let held: (() => void)[] = []

  function enter(run: () => void) {
    if (!alive) return
    if (time.now < frozenUntil) held.push(run)
    else run()
  }

  function wake() {
    if (time.now < frozenUntil) return
    for (const run of held) time.after(0, () => enter(run))
    held = []
  }

  return {
    process,
    get alive() {
      return alive
    },
    now: () => time.now,
    after(milliseconds, run) {
      let wanted = true
      time.after(milliseconds, () => enter(() => wanted && run()))
      return () => {
        wanted = false
      }
    },
    enter,
    freeze(milliseconds) {
      frozenUntil = Math.max(frozenUntil, time.now + milliseconds)
      time.after(milliseconds, wake)
    },
    end() {
      alive = false
      held = []
    },
  }
}

const before = (a: Due, b: Due) => a.at < b.at || (a.at === b.at && a.turn < b.turn)

/** A binary heap: the earliest is the first. */
function push(heap: Due[], due: Due) {
  let at = heap.push(due) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent] as Due
    if (before(above, due)) break
    heap[at] = above
    at = parent
  }
  heap[at] = due
}

function pop(heap: Due[]) {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child + 1 < heap.length && before(heap[child + 1] as Due, heap[child] as Due)) child++
    const below = heap[child]
    if (!below || before(last, below)) break
    heap[at] = below
    at = child
  }
  heap[at] = last
}
