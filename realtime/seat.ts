import type { Clock } from "../src/clock.ts"
import type { Entry } from "../src/history/history.ts"
import type { Inbox } from "../src/history/inbox.ts"
import type { Report } from "../src/report.ts"
import type { Giving, Item } from "./giving.ts"
import type { Connection } from "./line.ts"
import { type PositionReader, REPLAY_AT_MOST } from "./position.ts"
import type { Progress } from "./progress.ts"
import { untiring } from "./untiring.ts"
import type { WaitingItems } from "./waiting.ts"

type Parts = { giving: Giving; positions: PositionReader; waiting: WaitingItems }
type Needs = Parts & { inbox: Pick<Inbox, "unread">; clock: Clock; report: Report }

/** A socket's place in its educator's room. */
export type Seat = ReturnType<typeof seat>

/**
 * What one socket is given: first what it missed while it was away, then what its room hands it, in turn. It has to be in its room before
 * its position is read. Whatever fails, it stays connected and reads again from where it stands.
 */
export function seat(connection: Connection, { giving, positions, waiting, inbox, clock, report }: Needs) {
  let progress: Progress | undefined
  let lapsed = true
  let left = false
  /** What it had yet to take when too much waited for it last. */
  let untaken: Promise<void> | undefined

  const wake = untiring({
    clock,
    due: () => !left && (lapsed || waiting.some),
    step: () => (progress && !lapsed ? giving.items(progress, waiting.take()) : stand()),
    failed(error) {
      lapsed = true
      report("deliver", error)
    },
  })

  async function stand() {
    lapsed = false
    const position = await positions.of(connection, progress)
    waiting.forgetCounts()
    const unread = await inbox.unread(connection.educator)
    progress = position.progress
    await giving.position(position, unread)
  }

  /** Has the seat read for itself what it lacks: to begin with, and whenever it may have been passed over. */
  function lapse() {
    lapsed = true
    wake()
  }

  return {
    lapse,

    /** Of what is too much to wait it reads for itself later; one that has taken nothing when it is too much again is closed. */
    push(item: Item) {
      if (waiting.add(item)) return wake()
      const before = untaken
      untaken = connection.taken()
      if (untaken && untaken === before) connection.drop()
      else lapse()
    },

    /** Those of its educator's entries that it has to be handed: none when it reads for itself, since it cannot tell or lacks too many. */
    lacking(entries: readonly Entry[]): readonly Entry[] {
      if (entries.length === 0) return entries
      const lacking = progress && !lapsed ? entries.filter(progress.lacks) : undefined
      if (lacking && lacking.length <= REPLAY_AT_MOST) return lacking
      lapse()
      return []
    },

    leave() {
      left = true
    },

    /** Whether it waits for a read of its own. */
    get waits() {
      return lapsed || !progress
    },
  }
}
