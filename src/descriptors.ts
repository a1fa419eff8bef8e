import { readdirSync, readFileSync, statSync } from "node:fs"
import type { Clock } from "./clock.ts"

/** The file descriptors of this process. Where the system is not Linux there is no `limit`, and nothing is checked. */
export type Descriptors = {
  /** How many may be open: the soft limit, which Bun, Node and Deno raise to the hard one when they start. */
  limit: number | undefined
  open(): number
  /** To be asked once for each new connection: whether fewer than the spare ones are left. */
  crowded(): boolean
  /** Whether as good as none are left: another connection may be one that cannot be accepted. */
  exhausted(): boolean
}

/** So few are as good as none: a burst of connections takes them at once, and then nothing can be accepted, nor opened. */
const LAST = 10

/** What Linux tells in `/proc/self`, and other systems do not. A list needs a descriptor itself: without one, all are taken. */
const linux = {
  limits: () => attempt(() => readFileSync("/proc/self/limits", "utf8")),
  /** Their number, from 6.2 on. */
  size: () => attempt(() => statSync("/proc/self/fd").size) ?? 0,
  list: () => attempt(() => readdirSync("/proc/self/fd").length) ?? Number.POSITIVE_INFINITY,
}

/** How long a list of them holds, in milliseconds: where there are many, it takes some. */
const LIST_HOLDS = 1_000

/** `spare` are kept free, but never more than half of all. */
export function watchDescriptors(spare: number, clock: Pick<Clock, "now">, system = linux): Descriptors {
  const [, soft] = /^Max open files +(\d+)/m.exec(system.limits() ?? "") ?? []
  const limit = soft === undefined ? undefined : Number(soft)
  const allBut = (few: number) =>
    limit === undefined ? Number.POSITIVE_INFINITY : limit - Math.min(few, Math.floor(limit / 2))
  let list = { at: Number.NEGATIVE_INFINITY, open: 0 }

  function open() {
    if (limit === undefined) return 0
    const size = system.size()
    if (size > 0) return size
    if (clock.now() - list.at >= LIST_HOLDS) list = { at: clock.now(), open: system.list() }
    return list.open
  }

  return {
    limit,
    open,
    crowded() {
      const crowded = open() >= allBut(spare)
      list.open += 1 // the new connection, until they are listed again
      return crowded
    },
    exhausted: () => open() >= allBut(LAST),
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
