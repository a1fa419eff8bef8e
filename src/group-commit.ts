import { setImmediate as nextTurn } from "node:timers/promises"
import type { Draft, History, Outcome } from "./history/history.ts"
import { Problem } from "./problem.ts"

type RecordDrafts = History["record"]

/** A call of `record` that waits for its turn. */
type Call = {
  drafts: readonly Draft[]
  resolve(outcomes: Outcome[]): void
  reject(error: unknown): void
}

type Limits = {
  /** Drafts in one write, unless a single call has more. A sync is shared well by 200; more would hold up others for longer. */
  most?: number
  /** Drafts that may wait; calls beyond are told to come back. */
  waiting?: number
}

/**
 * Puts group commit in front of a `record`: calls that arrive in one turn of the event loop, or while a write is under way, share the
 * next write. No timer delays a lone call. Each caller gets the outcomes of its own drafts.
 */
export function groupCommit(record: RecordDrafts, { most = 200, waiting = 10_000 }: Limits = {}): RecordDrafts {
  const queue: Call[] = []
  let queued = 0
  let writing = false

  async function writeAll() {
    writing = true
    while (queue.length > 0) {
      await nextTurn()
      await write(record, takeGroup())
    }
    writing = false
  }

  function takeGroup(): Call[] {
    let size = 0
    const beyond = queue.findIndex(({ drafts }, index) => {
      if (index > 0 && size + drafts.length > most) return true
      size += drafts.length
      return false
    })
    queued -= size
    return queue.splice(0, beyond < 0 ? queue.length : beyond)
  }

  return (drafts) => {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome[]>()
    if (queued + drafts.length > waiting)
      reject(new Problem("unavailable", "Too many events wait to be recorded; send them again.", { retryAfter: 1 }))
    else {
      queue.push({ drafts, resolve, reject })
      queued += drafts.length
      if (!writing) writeAll()
    }
    return promise
  }
}

/** Settles every call of a group. */
async function write(record: RecordDrafts, group: readonly Call[]): Promise<void> {
  try {
    const outcomes = await record(group.flatMap(({ drafts }) => drafts))
    for (const { drafts, resolve } of group) resolve(outcomes.splice(0, drafts.length))
  } catch (error) {
    // A history answers for each draft; one that rejects is broken, and nobody knows for whom.
    for (const { reject } of group) reject(error)
  }
}
