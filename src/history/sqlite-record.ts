import type { DatabaseSync } from "node:sqlite"
import type { Reason } from "../recipient.ts"
import { transact } from "../sqlite.ts"
import { type Carried, carry } from "../threads/carried-error.ts"
import { isUnfit } from "./sqlite-answer.ts"
import { nextPosition } from "./sqlite-positions.ts"

/** What was sent of an event, `data` as JSON text. */
export type Sent = {
  source: string
  eventId: string
  type: string
  occurredAt: string
  student: number
  data: string
}

/** An event to be recorded, and who is told: educators, and why, in the same order. */
export type Drafted = { event: Sent; educators: readonly number[]; reasons: readonly Reason[] }

/** What became of one: `told` has the id of each educator's notification, or 0 where there was one. `event`, if it differs: as it was sent first. */
export type Recorded = { told: number[]; event?: Sent } | { error: Carried }

const FIND = "SELECT id, type, occurred_at AS occurredAt, student, data FROM event WHERE source = ? AND event_id = ?"
const KEEP = "INSERT INTO event (id, source, event_id, type, occurred_at, student, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
const TELL = "INSERT INTO notification (id, educator, event, reason) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"

/** Records drafts in one transaction; answers for each, and the newest position. */
export function recorder(database: DatabaseSync) {
  const readNewest = database.prepare("SELECT newest FROM store")
  const raiseNewest = database.prepare("UPDATE store SET newest = ?")
  const find = database.prepare(FIND)
  const keep = database.prepare(KEEP)
  const tell = database.prepare(TELL)
  const begin = database.prepare("SAVEPOINT draft")
  const undo = database.prepare("ROLLBACK TO draft")
  const end = database.prepare("RELEASE draft")
  let newest = 0

  /** The event as it was sent first; kept now, when it is new. */
  function keptOf({ source, eventId, type, occurredAt, student, data }: Sent, now: number) {
    const stored = find.get(source, eventId)
    if (stored) {
      const { id, ...event } = stored
      return { id: Number(id), event: { source, eventId, ...event } as Sent }
    }
    const id = nextPosition(newest, now)
    keep.run(id, source, eventId, type, occurredAt, student, data)
    return { id, event: undefined }
  }

  function tellAll({ event, educators, reasons }: Drafted, now: number): Recorded {
    if (educators.length === 0) return { told: [] }
    const kept = keptOf(event, now)
    const told = educators.map((educator, index) => {
      const id = nextPosition(newest, now)
      if (tell.run(id, educator, kept.id, reasons[index] as Reason).changes === 0) return 0
      newest = id
      return id
    })
    return { told, ...(kept.event && { event: kept.event }) }
  }

  /** All of the draft or nothing of it, and nothing of the others'. */
  function recordOne(draft: Drafted, now: number): Recorded {
    const before = newest
    begin.run()
    try {
      const recorded = tellAll(draft, now)
      end.run()
      return recorded
    } catch (error) {
      if (!isUnfit(error) || !database.isTransaction) throw error
      undo.run()
      end.run()
      newest = before
      return { error: carry(error) }
    }
  }

  return (drafts: readonly Drafted[], now: number): { recorded: Recorded[]; newest: number } =>
    transact(database, () => {
      const before = Number(readNewest.get()?.newest)
      newest = before
      const recorded = drafts.map((draft) => recordOne(draft, now))
      if (newest > before) raiseNewest.run(newest)
      return { recorded, newest }
    })
}
