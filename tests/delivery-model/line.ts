import { Problem } from "../../src/problem.ts"
import type { Surroundings } from "./store.ts"
import type { Life } from "./time.ts"

/** Milliseconds to the database, and as many back. */
const WAY = 2

type Answers<T> = { answer(value: T): void; refuse(error: unknown): void }

/**
 * A process's line to its database. What is asked may not arrive, or long after its asker has given up; what is answered may be lost.
 * Nothing that was sent is taken back when its sender dies.
 */
export type Line = <T>(
  options: { write?: boolean; deadline: number },
  work: (answers: Answers<T>, overdue: () => boolean) => void,
) => Promise<T>

export const unavailable = () => new Problem("unavailable", "The history does not answer; try again.")

export function lineFor(life: Life, { time, faults, chance }: Surroundings): Line {
  const { process } = life
  const lateness = (write: boolean) => {
    if (write) return faults.during("writes late", process)?.by ?? 0
    // Reads overtake one another.
    const slow = faults.during("reads late", process)
    return slow ? chance.between(0, slow.by ?? 0) : 0
  }
  return ({ write = false, deadline }, work) =>
    new Promise((resolve, reject) => {
      let overdue = false
      life.after(deadline, () => {
        overdue = true
        reject(unavailable())
      })
      if (faults.during("database cut", process)) return
      const lost = write && faults.during("answers lost", process)
      const back = (run: () => void) => {
        if (!lost && !faults.during("database cut", process)) time.after(WAY, () => life.enter(run))
      }
      time.after(WAY + lateness(write), () =>
        work(
          { answer: (value) => back(() => resolve(value)), refuse: (error) => back(() => reject(error)) },
          () => overdue,
        ),
      )
    })
}
