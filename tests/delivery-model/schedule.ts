/** What happens at one moment. */
const MOMENTS = [
  "connect",
  "vanish",
  "post",
  "withdraw",
  "kill",
  "freeze",
  "clock steps",
  "primary leaps",
  "rollback",
  "prune",
] as const

/** What goes wrong for a while. */
const SPELLS = [
  "writes late",
  "reads late",
  "answers lost",
  "database cut",
  "majority lags",
  "reads lag",
  "commits stall",
  "deposed",
  "bus drops",
  "bus late",
  "bus reorders",
  "bus repeats",
  "bus deaf",
  "bus split",
  "publish fails",
  "follow late",
  "presenting slow",
  "presenting fails",
  "line slow",
] as const

export type Spell = (typeof SPELLS)[number]
export type What = (typeof MOMENTS)[number] | Spell

/** One line of a schedule; times are milliseconds. */
export type Action = {
  at: number
  what: What
  /** Whom it befalls: a process, or a client, by number. Some befall all. */
  process?: number
  client?: number
  /** Whose client it is. */
  educator?: number
  /** What is posted, and to whom. */
  event?: string
  educators?: number[]
  /** How often the LMS tries. */
  tries?: number
  lasting?: number
  /** How much: how late, how far, how old, how many. */
  by?: number
}

/** Everything that is to happen in a world: the same schedule is always the same story. */
export type Schedule = { processes: number; actions: Action[] }

const isSpell = new Set<What>(SPELLS)

/** The spells of a schedule, by what they are. */
export type Faults = {
  /** The spell that this process or client is under now, or everybody is. */
  during(what: Spell, who?: number): Action | undefined
}

export function faultsOf({ actions }: Schedule, time: { readonly now: number }): Faults {
  const spells = Map.groupBy(
    actions.filter(({ what }) => isSpell.has(what)),
    ({ what }) => what,
  )
  return {
    during: (what, who) =>
      spells.get(what)?.find((spell) => {
        const whom = spell.client ?? spell.process
        const isOn = spell.at <= time.now && time.now < spell.at + (spell.lasting ?? 0)
        return isOn && (whom === undefined || whom === who)
      }),
  }
}
