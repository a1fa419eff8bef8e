import { setImmediate as nextTurn } from "node:timers/promises"
import type { Draft, History, Recorded } from "./history/history.ts"
import { Problem } from "./problem.ts"

type RecordDrafts = History["record"]

/** A call of `record` that waits for its turn. */
type Call = {
  drafts: readonly Draft[]
  resolve(recorded: Recorded[]): void
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
 * next write. No timer delays a lone call. Each caller gets the outcomes of its own drafts; a draft that cannot be recorded fails only
 * the call that brought it.
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
    const { promise, resolve, reject } = Promise.withResolvers<Recorded[]>()
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

/**
 * Settles every call of a group. A group that fails is tried again in halves, so that one bad draft among many costs a few writes; but
 * when the storage does not answer, trying again at once would only make all wait longer.
 */
async function write(record: RecordDrafts, group: readonly Call[]): Promise<void> {
  try {
    const outcomes = await record(group.flatMap(({ drafts }) => drafts))
    for (const { drafts, resolve } of group) resolve(outcomes.splice(0, drafts.length))
  } catch (error) {
    const unavailable = error instanceof Problem && error.code === "unavailable"
    if (group.length === 1 || unavailable) {
      for (const { reject } of group) reject(error)
      return
    }
    const middle = Math.ceil(group.length / 2)
    await write(record, group.slice(0, middle))
    await write(record, group.slice(middle))
  }
}
