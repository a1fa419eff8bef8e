import type { Notification } from "../notification.ts"
import type { Term } from "./sqlite-fields.ts"

/** A notification as a row, of which `data` is still text. */
export type Row = Omit<Notification, "data"> & { data: string }

const COLUMNS = `n.id, n.id AS position, n.educator, e.student, e.source, e.event_id AS eventId, e.type, e.occurred_at AS occurredAt,
  n.reason, n.read_at AS readAt, e.data`

/** The rows of a JSON array of ids, oldest first. */
export const READ = `SELECT ${COLUMNS} FROM notification AS n JOIN event AS e ON e.id = n.event
  WHERE n.id IN (SELECT value FROM json_each(?)) ORDER BY n.id`

/** The rows of a JSON array of ids that are an educator's and meet all terms, newest first. */
export function meeting(terms: readonly Term[]): string {
  const meets = terms.flatMap(({ definition, comparisons }) =>
    comparisons.map(({ sql }) => ` AND (${definition}) ${sql}`),
  )
  return `SELECT ${COLUMNS} FROM json_each(?) AS asked
    CROSS JOIN notification AS n ON n.id = asked.value CROSS JOIN event AS e ON e.id = n.event
    WHERE n.educator = ?${meets.join("")} ORDER BY n.id DESC LIMIT ?`
}

export function toNotification(row: Row): Notification {
  return { ...row, data: JSON.parse(row.data) }
}
