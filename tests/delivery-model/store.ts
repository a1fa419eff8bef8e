import type { History } from "../../src/history/history.ts"
import type { Inbox } from "../../src/history/inbox.ts"
import type { Notices } from "../../src/history/notices.ts"
import type { Upkeep } from "../../src/history/upkeep.ts"
import type { Chance } from "./chance.ts"
import type { Cure } from "./cures.ts"
import type { Faults } from "./schedule.ts"
import type { Life, Time } from "./time.ts"

/** What the parts of a world share. `settle` and the rules after it are the product's; a control turns one off. */
export type Surroundings = {
  time: Time
  faults: Faults
  chance: Chance
  say(line: string): void
  rules: Rules
}

export type Rules = {
  /** How long a position takes to settle, in milliseconds. */
  settle: number
  /** Whether a read waits until its node knows what its asker does. */
  causal: boolean
  /** Whether only what a majority has is acknowledged, and answered to readers. */
  majority: boolean
  /** Whether a list is read from the primary. */
  listsFromPrimary: boolean
  /** What keeps away what was withdrawn, and is left out. */
  without: readonly Cure[]
}

/** A notification that can be seen by whoever asks, since when, and what it is of. */
export type Row = { id: number; position: number; educator: number; event: string; visibleAt: number }

/** A process's way to history. */
export type Reach = History & Pick<Inbox, "unread" | "list"> & Pick<Upkeep, "bearing" | "erase"> & { notices: Notices }

/** Keeps history in a simulated world, and can be asked for the truth. */
export type Store = {
  reach(life: Life): Reach
  /** Whatever can be seen, or was seen and pruned since; nothing that was erased. */
  rows(): Row[]
  /** What has been taken away. */
  readonly pruned: ReadonlySet<number>
  /** Forgets what is older than this, by the database's own time. */
  prune(age: number): void
  /** Another primary takes over; a file has none. */
  depose(): void
  /** The primary's clock leaps ahead. */
  leap(by: number): void
  close(): Promise<void>
}

/** Milliseconds that a process waits for its database. */
export const DEADLINES = { record: 5_000, since: 3_000, list: 5_000 }
