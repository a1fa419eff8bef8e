import { type Chance, chanceOf } from "./chance.ts"
import type { Action, Schedule, What } from "./schedule.ts"

/** Faults begin, and all but late writes end, before this, in milliseconds. */
const END = 60_000

/** The greatest that is drawn, in milliseconds. */
export type Bounds = {
  step: number
  late: number
  majorityLag: number
  readLag: number
  busDelay: number
  freeze: number
  window: number
  stall: number
  leap: number
}

export const ORDINARY: Bounds = {
  step: 1_000,
  late: 30_000,
  majorityLag: 1_500,
  readLag: 1_500,
  busDelay: 6_000,
  freeze: 30_000,
  window: 12_000,
  stall: 2_000,
  leap: 60_000,
}

export const HARD: Bounds = {
  ...ORDINARY,
  late: 100_000,
  step: 3_600_000,
  majorityLag: 60_000,
  readLag: 60_000,
  freeze: 60_000,
  leap: 600_000,
}

type Draw = (chance: Chance, bounds: Bounds) => Partial<Action>
const lasting: Draw = ({ between }, { window }) => ({ lasting: between(20, window) })
const by =
  (most: (bounds: Bounds) => number, least = 10): Draw =>
  (chance, bounds) => ({ ...lasting(chance, bounds), by: chance.between(least, most(bounds)) })

/** What befalls a process. */
const OF_PROCESSES: Partial<Record<What, Draw>> = {
  kill: ({ between }) => ({ lasting: between(200, 20_000) }),
  freeze: ({ between }, { freeze }) => ({ lasting: between(100, freeze) }),
  "clock steps": ({ between }, { step }) => ({ by: between(-step, step) }),
  "writes late": ({ between }, { late }) => ({ by: between(100, late), lasting: between(20, 4_000) }),
  "reads late": by(() => 2_500),
  "answers lost": lasting,
  "database cut": lasting,
  "reads lag": by(({ readLag }) => readLag),
  deposed: lasting,
  "bus drops": lasting,
  "bus late": by(({ busDelay }) => busDelay),
  "bus reorders": ({ between }, { busDelay }) => ({ by: between(10, busDelay), lasting: between(20, 2_000) }),
  "bus repeats": by(({ busDelay }) => 2 * busDelay, 0),
  "bus deaf": lasting,
  "bus split": lasting,
  "publish fails": lasting,
  "follow late": by(() => 6_000),
  "presenting slow": by(() => 3_000),
  "presenting fails": lasting,
}

/** What befalls everybody. */
const OF_ALL: Partial<Record<What, Draw>> = {
  "majority lags": by(({ majorityLag }) => majorityLag),
  "commits stall": by(({ stall }) => stall),
  "primary leaps": ({ between }, { leap }) => ({ by: between(1_000, leap) }),
  rollback: () => ({}),
  prune: ({ between }) => ({ by: between(-1_000, 40_000) }),
}

const OF_CLIENTS: Partial<Record<What, Draw>> = { "line slow": by(() => 3_000) }

const KINDS = [OF_PROCESSES, OF_ALL, OF_CLIENTS].flatMap((kinds) => Object.keys(kinds)) as What[]

/** The schedule of this seed: clients come and go, an LMS posts, and some kinds of faults befall them. */
export function generate(seed: number, bounds: Bounds = HARD): Schedule {
  const chance = chanceOf(seed)
  const { between, draw, one } = chance
  const processes = between(1, 3)
  const clients = between(1, 4)
  const educators = between(1, 3)
  const kinds = chance.some(KINDS, 0.3)
  const somewhere = () => between(0, processes - 1)

  const comings = Array.from({ length: clients }, (_, client) =>
    comingsOf(chance, client, 1 + (client % educators), somewhere),
  )
  const posts = postsOf(chance, educators, somewhere)
  const withdrawals = draw() < 0.5 ? withdrawalsOf(chance, posts, somewhere) : []
  const faults = kinds.flatMap((what) =>
    Array.from({ length: between(1, 3) }, (): Action => {
      const drawn = (OF_PROCESSES[what] ?? OF_ALL[what] ?? OF_CLIENTS[what])?.(chance, bounds) ?? {}
      const whom = OF_PROCESSES[what]
        ? { process: somewhere() }
        : OF_CLIENTS[what]
          ? { client: between(0, clients - 1) }
          : {}
      const latest = Math.max(600, END - (drawn.lasting ?? 0))
      return { at: between(500, latest), what, ...whom, ...drawn }
    }),
  )

  // The narrow races: a third of everything is moved next to something else.
  const actions = [...comings.flat(), ...posts, ...withdrawals, ...faults]
  const moments = actions.map(({ at }) => at)
  for (const action of actions)
    if (draw() < 0.35) action.at = Math.max(50, Math.min(END, one(moments) + between(-8, draw() < 0.5 ? 12 : 2_500)))
  return { processes, actions: actions.sort((a, b) => a.at - b.at) }
}

function comingsOf({ between, draw }: Chance, client: number, educator: number, somewhere: () => number): Action[] {
  let at = between(100, 15_000)
  const connect = (): Action => ({ at, what: "connect", client, educator, process: somewhere() })
  const actions = [connect()]
  for (let breaks = between(0, 4); breaks > 0 && at < END - 20_000; breaks--) {
    at += between(50, 15_000)
    actions.push({ at, what: "vanish", client })
    at += between(20, draw() < 0.3 ? 20_000 : 2_000)
    actions.push(connect())
  }
  return actions
}

function postsOf(chance: Chance, educators: number, somewhere: () => number): Action[] {
  const { between, draw } = chance
  const all = Array.from({ length: educators }, (_, index) => index + 1)
  const moments = Array.from({ length: between(3, 25) }, () => between(500, END))
  if (draw() < 0.15) {
    const burst = between(500, END)
    moments.push(...Array.from({ length: between(20, 90) }, () => burst + between(0, 300)))
  }
  return moments.map((at, index) => {
    const whom = chance.some(all, 0.6)
    const tries = draw() < 0.2 ? 1 : 99
    const batch = draw() < 0.004 ? { by: between(200, 700) } : {}
    return {
      at,
      what: "post",
      event: `e${index}`,
      educators: whom.length > 0 ? whom : [1],
      process: somewhere(),
      tries,
      ...batch,
    }
  })
}

/** Some of what is posted is taken back, before it was posted, at once, or when it has been read; and some of that is posted again. */
function withdrawalsOf({ between, draw, some }: Chance, posts: readonly Action[], somewhere: () => number): Action[] {
  return some(posts, 0.25).flatMap((post) => {
    const at = Math.max(50, Math.min(END, post.at + between(-300, draw() < 0.5 ? 300 : 20_000)))
    const withdrawal: Action = { at, what: "withdraw", event: post.event, process: somewhere() }
    if (draw() < 0.75) return withdrawal
    return [
      withdrawal,
      { ...post, at: Math.min(END, at + between(0, draw() < 0.5 ? 300 : 20_000)), process: somewhere() },
    ]
  })
}
