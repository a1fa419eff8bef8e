import type { DatabaseSync } from "node:sqlite"
import type { Notification } from "../notification.ts"
import type { Draft, Outcome } from "./history.ts"
import { isUnfit, unavailable } from "./sqlite-answer.ts"
import { transact } from "./sqlite-file.ts"
import { nextPosition } from "./sqlite-positions.ts"

const RECORD = `INSERT INTO notification
  (id, educator, student, source, event_id, type, occurred_at, reason, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (source, event_id, educator) DO NOTHING`

/** Records drafts in one transaction. Tells `saw` of the newest position once it is on the disk. */
export function recorder(database: DatabaseSync, now: () => number, saw: (newest: number) => void) {
  const readNewest = database.prepare("SELECT newest FROM store")
  const raiseNewest = database.prepare("UPDATE store SET newest = ?")
  const insert = database.prepare(RECORD)
  const begin = database.prepare("SAVEPOINT draft")
  const undo = database.prepare("ROLLBACK TO draft")
  const end = database.prepare("RELEASE draft")
  let newest = 0

  function insertAll({ event, recipients }: Draft): Notification[] {
    const { source, id: eventId, type, occurredAt, student } = event
    const data = JSON.stringify(event.data)
    return recipients.flatMap(({ educator, reason }) => {
      const id = nextPosition(newest, now)
      const { changes } = insert.run(id, educator, student, source, eventId, type, occurredAt, reason, data)
      if (changes === 0) return []
      newest = id
      return {
        id,
        position: id,
        educator,
        student,
        source,
        eventId,
        type,
        occurredAt,
        reason,
        readAt: null,
        data: event.data,
      }
    })
  }

  /** All of the draft or nothing of it, and nothing of the others'. */
  function recordOne(draft: Draft): Outcome {
    begin.run()
    try {
      const notifications = insertAll(draft)
      end.run()
      const had = notifications.length === 0 && draft.recipients.length > 0
      return had ? { status: "duplicate" } : { status: "recorded", added: notifications.length, notifications }
    } catch (error) {
      if (!isUnfit(error) || !database.isTransaction) throw error
      undo.run()
      end.run()
      return { status: "failed", error }
    }
  }

  function recordAll(drafts: readonly Draft[]): Outcome[] {
    newest = Number(readNewest.get()?.newest)
    const before = newest
    const outcomes = drafts.map(recordOne)
    if (newest > before) raiseNewest.run(newest)
    return outcomes
  }

  return async (drafts: readonly Draft[]): Promise<Outcome[]> => {
    try {
      const outcomes = transact(database, () => recordAll(drafts))
      saw(newest)
      return outcomes
    } catch (cause) {
      return drafts.map(() => ({ status: "unknown", error: unavailable(cause) }))
    }
  }
}
