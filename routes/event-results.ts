import type { Issue } from "../src/issues.ts"
import type { Notified } from "../src/notify.ts"
import type { EventResult } from "../src/wire-schemas.ts"

/** Mistakes of one event that are told at once. */
const MENTIONED = 5

const UNSTORABLE =
  "This event cannot be stored, which is our mistake; do not send it again unchanged. The others of the request stand as they are told."

/** The result of an event that was acceptable. */
export function told(id: string | null, outcome: Notified): EventResult {
  if (outcome.status === "duplicate") return { id, status: "duplicate" }
  if (outcome.status === "failed") return { id, status: "rejected", code: "internal", detail: UNSTORABLE }
  const { added } = outcome
  const detail = added === 0 ? "Nobody teaches this student; send the event again when somebody does." : undefined
  return { id, status: "accepted", notifications: added, detail }
}

/** The result of one that was not. */
export function rejected(id: string | null, issues: readonly Issue[]): EventResult {
  const mistakes = issues.slice(0, MENTIONED).map(({ pointer, detail }) => `${pointer}: ${detail}`)
  return { id, status: "rejected", code: "event_invalid", detail: mistakes.join("; "), pointer: issues[0]?.pointer }
}

/** What `POST /events` answers. */
export function summary(results: EventResult[]) {
  const count = (status: EventResult["status"]) => results.filter((result) => result.status === status).length
  return { accepted: count("accepted"), duplicates: count("duplicate"), rejected: count("rejected"), results }
}
