import type { Carried } from "./carried-error.ts"

/** A call, by a number that no other call of the thread has; or the last message, after which no call comes. */
export type ToThread = { id: number; name: string; asked: unknown[] } | { close: true }

export type FromThread =
  | { id: number; answer: unknown; error?: never }
  | { id: number; error: Carried }
  /** What it needs could not be opened: it answers nothing. */
  | { failed: Carried }
  /** Everything was answered and is closed, but for what `error` tells. */
  | { closed: true; error?: Carried }
