import { openWithdrawals } from "../../src/withdrawals.ts"
import type { Broker } from "./bus.ts"
import type { Reach } from "./store.ts"
import type { Life } from "./time.ts"

/**
 * What keeps away what was withdrawn: whoever records looks for a notice; nothing that bears it is given, whoever brings it, nor given out of
 * history, nor listed; the tail tells of it; whoever returns learns of it; and it is looked for again and again.
 */
export type Cure = "look" | "copies" | "rows" | "lists" | "tail" | "return" | "sweep"

/** The product's withdrawals in one process, as the rest of it sees them without these cures. */
export function withdrawalsWithout(
  without: readonly Cure[],
  history: Reach,
  bus: ReturnType<Broker["connect"]>,
  life: Life,
) {
  const lacks = (cure: Cure) => without.includes(cure)
  const { notices } = history
  // Where time stands still nothing is looked for again.
  const clock = lacks("sweep") ? { now: () => 0, after: life.after } : life
  const whole = openWithdrawals({ history, inbox: history, notices, upkeep: history, bus, clock, report() {} })
  const { withdraw, hear, follow } = whole
  return {
    withdraw,
    record: lacks("look") ? history.record : whole.record,
    list: lacks("lists") ? history.list : whole.inbox.list,
    /** What its delivery is given. */
    delivered: {
      history: lacks("rows") ? history : whole.history,
      notices: lacks("return") ? { concern: async () => false } : notices,
      withdrawals: {
        hear,
        follow,
        has: lacks("copies") ? () => false : whole.has,
        catchUp: lacks("tail") ? async () => {} : whole.catchUp,
      },
    },
  }
}
