import type { Marked } from "../history/inbox.ts"
import type { Posted } from "../history/notices.ts"
import type { Notification } from "../notification.ts"

/**
 * What educators' sockets are told, of the store that `store` names: a new notification, with what its writer knew, or that some were read
 * (by `origin`, a socket's id, when one did it).
 */
export type Message = { store: string; educator: number } & (
  | { kind: "recorded"; notification: Notification; known: number }
  | ({ kind: "read"; origin: string | undefined; all: boolean } & Marked)
)

/** That a notice was posted in the store that `store` names, and what its poster knew. */
export type Announced = { store: string; known: number; notice: Posted }

/** What a bus tells the process. None may throw. */
export type Receiver = {
  message(message: Message): void
  /** Every process is told of every notice, also of its own. */
  notice(announced: Announced): void
  /** Something may have been missed, just now: a connection was lost or is back, a publish has failed. */
  doubt(): void
}

/**
 * Carries messages to whichever process serves the educator. At most once, and it may drop any: what must not be missed is in history.
 *
 * - `publish` MUST hand the messages of one educator over in the order given, and MUST NOT wait for receivers. It rejects, with the problem
 *   `unavailable`, rather than keep messages for later. So does `announce`, which needs no following.
 * - Calls of `follow` and `unfollow` MUST take effect in the order in which they were made, and a driver tries again by itself for as long
 *   as one cannot. `follow` resolves when every later publish for the educator reaches the receiver; after `unfollow`, soon none does.
 */
export interface Bus {
  /** Says where messages of followed educators go; called once, before anything is followed. */
  deliver(receiver: Receiver): void
  publish(messages: readonly Message[]): Promise<void>
  announce(announced: Announced): Promise<void>
  follow(educator: number): Promise<void>
  unfollow(educator: number): void
  /** Whether messages may be missed now. */
  readonly doubtful: boolean
  /** Rejects when messages would not be carried now. */
  ping(): Promise<void>
  /** Safe to call twice. */
  close(): Promise<void>
}
