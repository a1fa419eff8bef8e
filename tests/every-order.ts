import { setImmediate as nextTurn } from "node:timers/promises"

type Step = { actor: string; name: string; take(): Promise<unknown> }

/** Steps that wait for each other's turn: in which order they are taken is what a run is about. */
export type Turns = {
  /** Does this when it is the actor's turn; never, once the actor has died. */
  turn<T>(actor: string, name: string, work: () => T | Promise<T>): Promise<T>
  /** Takes steps until none is left. */
  run(): Promise<void>
  /** What was done, in order. */
  readonly taken: readonly string[]
}

/**
 * Plays a story in every order in which its actors' steps can follow one another, each actor's own in theirs; one that is `mortal` may die
 * before any of its steps, too. Answers in how many.
 */
export async function everyOrder(play: (turns: Turns) => Promise<void>, mortal?: string): Promise<number> {
  let choices: number[] = []
  for (let runs = 1; ; runs++) {
    const { turns, decisions } = turnsBy(choices, mortal)
    try {
      await play(turns)
    } catch (error) {
      throw new Error(`In this order: ${turns.taken.join(", ")}`, { cause: error })
    }
    while (decisions.length > 0 && isLast(decisions.at(-1))) decisions.pop()
    if (decisions.length === 0) return runs
    choices = decisions.map(({ choice }, index) => choice + Number(index === decisions.length - 1))
  }
}

type Decision = { choice: number; of: number }
const isLast = (decision?: Decision) => decision !== undefined && decision.choice + 1 === decision.of

function turnsBy(choices: readonly number[], mortal?: string) {
  const decisions: Decision[] = []
  const taken: string[] = []
  let waiting: Step[] = []
  let dead: string | undefined

  function choose(of: number): number {
    const choice = choices[decisions.length] ?? 0
    decisions.push({ choice, of })
    return choice
  }

  function die() {
    taken.push(`${mortal} dies`)
    dead = mortal
    waiting = waiting.filter(({ actor }) => actor !== dead)
  }

  const turns: Turns = {
    taken,
    turn: (actor, name, work) =>
      new Promise((resolve, reject) => {
        if (actor === dead) return
        const take = async () => {
          try {
            resolve(await work())
          } catch (error) {
            reject(error)
          }
        }
        waiting.push({ actor, name, take })
      }),

    async run() {
      for (await nextTurn(); waiting.length > 0; await nextTurn()) {
        const canDie = waiting.some(({ actor }) => actor === mortal)
        const chosen = choose(waiting.length + Number(canDie))
        const [step] = waiting.splice(chosen, 1)
        if (!step) die()
        else {
          taken.push(`${step.actor} ${step.name}`)
          await step.take()
        }
      }
    },
  }
  return { turns, decisions }
}
