import type { Bus } from "../src/bus/bus.ts"
import type { Clock } from "../src/clock.ts"
import type { History, Since } from "../src/history/history.ts"
import type { Report } from "../src/report.ts"
import type { Withdrawals } from "../src/withdrawals.ts"
import { looking } from "./look.ts"
import type { Room } from "./room.ts"

/** How long history is left alone between two looks, in milliseconds: usually, while the bus may miss something, and until the first answer. */
const PAUSE = { usual: 5_000, doubtful: 2_000, first: 1_000 }

type Needs = {
  history: Pick<History, "since" | "read">
  withdrawals: Pick<Withdrawals, "catchUp">
  bus: Pick<Bus, "doubtful">
  rooms(): Iterable<Room>
  clock: Clock
  report: Report
}

/**
 * Looks into history again and again for everyone who listens. This alone makes up for whatever the bus does not bring, and for whoever died
 * between recording and publishing. While nobody listens it still asks how far history is.
 */
export function followTail({ history, withdrawals, bus, rooms, clock, report }: Needs) {
  const started = Promise.withResolvers<void>()
  let mark: number | undefined
  let raised = clock.now()
  let busy = false
  let again = false
  let stopped = false
  const lookAt = looking({ history, withdrawals, clock, answered })
  let cancel = clock.after(0, look)

  async function look() {
    busy = true
    again = false
    await lookAt([...rooms()]).catch((error) => report("tail", error))
    busy = false
    if (!stopped) cancel = clock.after(again ? 0 : pause(), look)
  }

  function pause() {
    if (mark === undefined) return PAUSE.first
    return bus.doubtful ? PAUSE.doubtful : PAUSE.usual
  }

  function answered(answer: Since) {
    if (mark === undefined || answer.mark > mark || answer.mark === answer.known) raised = clock.now()
    mark = answer.mark
    started.resolve()
  }

  return {
    /** Resolves when history has answered for the first time; before that no room can be opened. */
    started: started.promise,
    /** Where a room that is opened now starts. */
    get mark() {
      return mark
    },
    /** For how long, in milliseconds, history could not be seen to be complete any further. */
    get age() {
      return clock.now() - raised
    },

    /** Looks at once, and once more if a look is under way. */
    hurry() {
      again = true
      if (busy || stopped) return
      cancel()
      look()
    },

    stop() {
      stopped = true
      cancel()
    },
  }
}
