import type { Event } from "../../src/event.ts"
import type { Draft } from "../../src/history/history.ts"
import { positionAt } from "../../src/history/marks.ts"
import type { Notice, Posted } from "../../src/history/notices.ts"
import type { Notification } from "../../src/notification.ts"
import type { Recipient } from "../../src/recipient.ts"
import type { Surroundings } from "./store.ts"

/** Seconds since 1970 at which every world begins. */
const BEGINNING = 1_790_000_000

/** How often a primary writes something of its own, in milliseconds, so that its operation time goes on. */
const NO_OP_EVERY = 10_000

/** A primary's own time from one write to its majority. */
const REPLICATION = 1

/** One write in the log, in the order of commits: `optime` is its own; its documents were given their positions before. */
type Entry = { optime: number; committedAt: number; visibleAt: number } & Write
type Write = { documents: Document[]; notices: Posted[]; erased: number[] }
export type Document = Notification & { visibleAt: number }

const NOTHING: Write = { documents: [], notices: [], erased: [] }

/** What a node answers reads from: the writes that a majority had when it last heard. */
export type View = { operationTime: number; documents: Document[]; notices: Posted[] }

export type ReplicaSet = ReturnType<typeof replicaSet>

/**
 * A set with MongoDB's habits. A document gets its position when it is filled in and is seen when a majority has its commit: the one order
 * is not the other. A write is acknowledged when a majority has it; what has none when its primary is deposed was never there.
 */
export function replicaSet({ time, faults, say, rules }: Surroundings) {
  let log: Entry[] = [{ optime: positionAt(BEGINNING), committedAt: 0, visibleAt: 0, ...NOTHING }]
  let seconds = BEGINNING
  let increment = 0
  /** How far ahead the primary's clock is. */
  let leap = 0
  /** Counts primaries: what one has begun is nothing to the next. */
  let term = 0
  let keys = new Map<string, Document>()
  const ids = new Set<number>()
  const pruned = new Set<number>()

  function tick(): number {
    const clock = BEGINNING + Math.floor((time.now + leap) / 1000)
    if (clock > seconds) increment = 0
    seconds = Math.max(seconds, clock)
    increment++
    return positionAt(seconds, increment)
  }

  function commit(write: Partial<Write>): Entry {
    const lag = faults.during("majority lags")?.by ?? REPLICATION
    const visibleAt = Math.max(log.at(-1)?.visibleAt ?? 0, time.now + lag)
    for (const document of write.documents ?? []) document.visibleAt = visibleAt
    const entry = { optime: tick(), committedAt: time.now, visibleAt, ...NOTHING, ...write }
    log.push(entry)
    return entry
  }

  /** Answers the documents that were not there before, when a majority has them; never, when the primary is deposed before. */
  function insert(id: () => number, drafts: readonly Draft[], answer: (added: Document[], optime: number) => void) {
    const filled = drafts.flatMap(({ event, recipients }) =>
      recipients.map((recipient) => fill(id(), event, recipient)),
    )
    stalled((acknowledge) => {
      const added = filled.filter((document) => !keys.has(keyOf(document)))
      for (const document of added) keys.set(keyOf(document), document)
      const { optime } = added.length > 0 ? commit({ documents: added }) : (log.at(-1) as Entry)
      for (const { eventId, educator, position } of added) say(`db: ${eventId} for ${educator} at ${told(position)}`)
      // A duplicate is answered when a majority has the first one.
      const theirs = filled.map((document) => keys.get(keyOf(document))?.visibleAt ?? 0)
      acknowledge(Math.max(...theirs), () => answer(added, optime))
    })
  }

  /** A notice gets its position as a document does. */
  function post(notice: Notice, answer: (posted: Posted, optime: number) => void) {
    const posted = { ...notice, position: tick() }
    stalled((acknowledge) => {
      const { visibleAt, optime } = commit({ notices: [posted] })
      say(`db: ${notice.eventId} is withdrawn from ${notice.educators} at ${told(posted.position)}`)
      acknowledge(visibleAt, () => answer(posted, optime))
    })
  }

  function erase(ids: readonly number[], answer: (optime: number) => void) {
    stalled((acknowledge) => {
      const { visibleAt, optime } = commit({ erased: [...ids] })
      for (const document of documentsOf(log)) if (ids.includes(document.id)) say(`db: ${document.eventId} is erased`)
      keys = new Map([...keys].filter(([, { id }]) => !ids.includes(id)))
      acknowledge(visibleAt, () => answer(optime))
    })
  }

  /** A write that may stall between its fill and its commit, and is answered by the primary that has begun it, or never. */
  function stalled(write: (acknowledge: (visibleAt: number, answer: () => void) => void) => void) {
    const mine = term
    time.after(faults.during("commits stall")?.by ?? 0, () => {
      if (mine !== term) return
      write((visibleAt, answer) => {
        const acknowledged = rules.majority ? visibleAt : time.now
        time.after(acknowledged - time.now, () => mine === term && answer())
      })
    })
  }

  function fill(wanted: number, event: Event, recipient: Recipient): Document {
    let id = wanted
    while (ids.has(id)) id++
    ids.add(id)
    const { source, id: eventId, type, occurredAt, student, data } = event
    const position = tick()
    const told = { source, eventId, type, occurredAt, student, data }
    return { ...told, ...recipient, id, position, readAt: null, visibleAt: Number.POSITIVE_INFINITY }
  }

  /** What the node that this process reads from has heard by now. */
  function view(process: number, lag: number): View {
    const deposed = faults.during("deposed", process)
    const heard = Math.min(time.now - lag, deposed?.at ?? Number.POSITIVE_INFINITY)
    const isHeard = ({ visibleAt, committedAt }: Entry) => (rules.majority ? visibleAt : committedAt) <= heard
    const seen = log.slice(0, log.findLastIndex(isHeard) + 1)
    return {
      operationTime: seen.at(-1)?.optime ?? 0,
      documents: documentsOf(seen).filter(({ id }) => !pruned.has(id)),
      notices: seen.flatMap(({ notices }) => notices),
    }
  }

  /** Another primary: it has what a majority had. */
  function depose() {
    term++
    const lost = log.filter(({ visibleAt }) => visibleAt > time.now).flatMap(({ documents }) => documents)
    for (const document of lost) say(`db: ${document.eventId} for ${document.educator} is rolled back`)
    log = log.filter(({ visibleAt }) => visibleAt <= time.now)
    const kept = documentsOf(log).filter(({ id }) => !pruned.has(id))
    keys = new Map(kept.map((document) => [keyOf(document), document]))
    const newest = log.at(-1)?.optime ?? 0
    seconds = Math.floor(newest / positionAt(1))
    increment = newest % positionAt(1)
  }

  function noOp() {
    commit({})
    time.after(NO_OP_EVERY, noOp)
  }
  time.after(NO_OP_EVERY, noOp)

  return {
    pruned,
    insert,
    view,
    depose,
    leap(by: number) {
      leap += by
    },
    post,
    erase,
    everything: () => documentsOf(log),
    prune(age: number) {
      const before = positionAt(seconds - age / 1000)
      for (const { documents } of log)
        for (const document of documents)
          if (document.position < before && document.visibleAt <= time.now && !pruned.has(document.id)) {
            pruned.add(document.id)
            keys.delete(keyOf(document))
            say(`db: ${document.eventId} for ${document.educator} is pruned`)
          }
    },
  }
}

/** What these writes leave. */
function documentsOf(entries: readonly Entry[]): Document[] {
  const erased = new Set(entries.flatMap((entry) => entry.erased))
  return entries.flatMap(({ documents }) => documents).filter(({ id }) => !erased.has(id))
}

const keyOf = ({ source, eventId, educator }: Notification) => JSON.stringify([source, eventId, educator])

/** A position as the moment in this world that it stands for. */
export function told(position: number): string {
  const size = positionAt(1)
  return `${Math.floor(position / size) - BEGINNING}s+${position % size}`
}
