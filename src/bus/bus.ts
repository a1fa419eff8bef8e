import type { Marked } from "../history/history.ts"
import type { Notification } from "../notification.ts"

/** What educators' sockets are told: a new notification, or that some were read (by `origin`, a socket's id, when one did it). */
export type Message =
  | { kind: "recorded"; educator: number; notification: Notification }
  | ({ kind: "read"; educator: number; origin: string | undefined; all: boolean } & Marked)

export type Listener = (message: Message) => void

/**
 * Carries messages to whichever process serves the educator. At most once: what must not be missed is in history.
 *
 * - `publish` MUST hand the messages of one educator over in the order given, and MUST NOT wait for listeners.
 * - `subscribe` MUST resolve only when every later publish reaches `listener`. A second subscription of the same educator is independent.
 * - The function it answers ends the subscription; after it has resolved the listener MUST NOT be called. Calling it twice is safe.
 * - A listener that throws MUST NOT disturb others.
 */
export interface Bus {
  publish(messages: readonly Message[]): Promise<void>
  subscribe(educator: number, listener: Listener): Promise<() => Promise<void>>
  /** Rejects when messages would not be carried now. */
  ping(): Promise<void>
  /** Safe to call twice. */
  close(): Promise<void>
}
