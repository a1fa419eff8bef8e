import type { Event } from "../../src/event.ts"
import type { Draft } from "../../src/history/history.ts"
import { positionAt } from "../../src/history/marks.ts"
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
type Entry = { optime: number; committedAt: number; visibleAt: number; documents: Document[] }
export type Document = Notification & { visibleAt: number }

/** What a node answers reads from: the writes that a majority had when it last heard. */
export type View = { operationTime: number; documents: Document[] }

export type ReplicaSet = ReturnType<typeof replicaSet>

/**
 * A set with MongoDB's habits. A document gets its position when it is filled in and is seen when a majority has its commit: the one order
 * is not the other. A write is acknowledged when a majority has it; what has none when its primary is deposed was never there.
 */
export function replicaSet({ time, faults, say, rules }: Surroundings) {
  let log: Entry[] = [{ optime: positionAt(BEGINNING), committedAt: 0, visibleAt: 0, documents: [] }]
  let seconds = BEGINNING
  let increment = 0
  /** How far ahead the primary's clock is. */
  let leap = 0
  /** Counts primaries: what one has begun is nothing to the next. */
  let term = 0
  const keys = new Map<string, Document>()
  const ids = new Set<number>()
  const pruned = new Set<number>()

  function tick(): number {
    const clock = BEGINNING + Math.floor((time.now + leap) / 1000)
    if (clock > seconds) increment = 0
    seconds = Math.max(seconds, clock)
    increment++
    return positionAt(seconds, increment)
  }

  function commit(documents: Document[]): Entry {
    const lag = faults.during("majority lags")?.by ?? REPLICATION
    const visibleAt = Math.max(log.at(-1)?.visibleAt ?? 0, time.now + lag)
    for (const document of documents) document.visibleAt = visibleAt
    const entry = { optime: tick(), committedAt: time.now, visibleAt, documents }
    log.push(entry)
    return entry
  }

  /** Answers the documents that were not there before, when a majority has them; never, when the primary is deposed before. */
  function insert(id: () => number, drafts: readonly Draft[], answer: (added: Document[]) => void) {
    const mine = term
    const filled = drafts.flatMap(({ event, recipients }) =>
      recipients.map((recipient) => fill(id(), event, recipient)),
    )
    const write = () => {
      if (mine !== term) return
      const added = filled.filter((document) => !keys.has(keyOf(document)))
      for (const document of added) keys.set(keyOf(document), document)
      if (added.length > 0) commit(added)
      for (const { eventId, educator, position } of added) say(`db: ${eventId} for ${educator} at ${told(position)}`)
      // A duplicate is answered when a majority has the first one.
      const theirs = filled.map((document) => keys.get(keyOf(document))?.visibleAt ?? 0)
      const acknowledged = rules.majority ? Math.max(...theirs) : time.now
      time.after(acknowledged - time.now, () => mine === term && answer(added))
    }
    time.after(faults.during("commits stall")?.by ?? 0, write)
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
    const documents = seen.flatMap((entry) => entry.documents)
    return { operationTime: seen.at(-1)?.optime ?? 0, documents: documents.filter(({ id }) => !pruned.has(id)) }
  }

  /** Another primary: it has what a majority had. */
  function depose() {
    term++
    const lost = log.filter(({ visibleAt }) => visibleAt > time.now).flatMap(({ documents }) => documents)
    for (const document of lost) {
      keys.delete(keyOf(document))
      say(`db: ${document.eventId} for ${document.educator} is rolled back`)
    }
    log = log.filter(({ visibleAt }) => visibleAt <= time.now)
    const newest = log.at(-1)?.optime ?? 0
    seconds = Math.floor(newest / positionAt(1))
    increment = newest % positionAt(1)
  }

  function noOp() {
    commit([])
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
    everything: () => log.flatMap(({ documents }) => documents),
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

const keyOf = ({ source, eventId, educator }: Notification) => JSON.stringify([source, eventId, educator])

/** A position as the moment in this world that it stands for. */
export function told(position: number): string {
  const size = positionAt(1)
  return `${Math.floor(position / size) - BEGINNING}s+${position % size}`
}
