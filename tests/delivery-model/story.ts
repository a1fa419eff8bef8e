import type { Action, Schedule, Spell } from "./schedule.ts"

type Whom = { process?: number; lasting: number; by?: number }

/** What can happen at one moment; clients are known by name, and processes by number. */
type Happening = {
  /** For the first time, or again with the cursor it has. */
  connect(client: string, where: { educator?: number; process: number }): void
  /** Its line breaks. */
  vanish(client: string): void
  post(event: string, how: { educators?: number[]; process: number; tries?: number; by?: number }): void
  withdraw(event: string, how: { process: number }): void
  kill(process: number, lasting: number): void
  freeze(process: number, lasting: number): void
  spell(what: Spell, whom: Whom): void
  /** The client's line is slow. */
  slow(client: string, how: { lasting: number; by: number }): void
  rollback(): void
  leap(by: number): void
  clock(process: number, by: number): void
  prune(age: number): void
}

/** Tells what happens, moment by moment, in milliseconds from the beginning. */
export type Tell = (at: (moment: number) => Happening) => void

/** The schedule of what is told. */
export function story(tell: Tell): Schedule {
  const actions: Action[] = []
  const names: string[] = []
  const numberOf = (name: string) => {
    if (!names.includes(name)) names.push(name)
    return names.indexOf(name)
  }

  tell((at) => {
    const add = (action: Omit<Action, "at">) => void actions.push({ at, ...action })
    return {
      connect: (client, where) => add({ what: "connect", client: numberOf(client), ...where }),
      vanish: (client) => add({ what: "vanish", client: numberOf(client) }),
      post: (event, how) => add({ what: "post", event, ...how }),
      withdraw: (event, how) => add({ what: "withdraw", event, ...how }),
      kill: (process, lasting) => add({ what: "kill", process, lasting }),
      freeze: (process, lasting) => add({ what: "freeze", process, lasting }),
      spell: (what, whom) => add({ what, ...whom }),
      slow: (client, how) => add({ what: "line slow", client: numberOf(client), ...how }),
      rollback: () => add({ what: "rollback" }),
      leap: (by) => add({ what: "primary leaps", by }),
      clock: (process, by) => add({ what: "clock steps", process, by }),
      prune: (age) => add({ what: "prune", by: age }),
    }
  })
  return { processes: 3, actions }
}
