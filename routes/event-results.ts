import { MOST_RECIPIENTS } from "../src/fan-out.ts"
import type { Issue } from "../src/issues.ts"
import type { Notified } from "../src/notify.ts"
import type { Nobody, Recipient } from "../src/recipient.ts"
import type { Rehearsed } from "../src/rehearse.ts"
import { inTurns } from "../src/turns.ts"
import type { EventResult } from "../src/wire-schemas.ts"

/** Mistakes of one event that are told at once. */
const MENTIONED = 5

const UNSTORABLE =
  "This event cannot be stored, which is our mistake; do not send it again unchanged. The others of the request stand as they are told."

/** Why nobody is told, and what can be done. */
const NOBODY: Record<Nobody, string> = {
  no_course: "Nobody teaches or advises this student, and no course is known to which the event belongs.",
  no_staff: "The event's course has no staff in the directory, and nobody teaches or advises this student.",
  other_sections:
    "All staff of the event's course are of other sections than this student, and nobody advises the student.",
}
const AGAIN = "Tell the directory who does, or name educators; then send the event again."

const APART =
  "Name educators instead, in several events with an id of their own; or give the course's staff and students sections."

/** The result of an event that was acceptable. */
export function told(id: string | null, outcome: Notified | Rehearsed): EventResult {
  if (outcome.status === "duplicate" || outcome.status === "withdrawn") return { id, status: outcome.status }
  if (outcome.status === "crowded") return crowded(id, outcome.recipients)
  if (outcome.status === "failed") return { id, status: "rejected", code: "internal", detail: UNSTORABLE }
  const { nobody } = outcome
  const many = "recipients" in outcome ? withRecipients(outcome) : { notifications: outcome.added }
  return { id, status: "accepted", ...many, nobody, detail: nobody && `${NOBODY[nobody]} ${AGAIN}` }
}

function crowded(id: string | null, recipients: number): EventResult {
  const detail = `An event may be told to ${MOST_RECIPIENTS} educators, and the directory finds ${recipients} for this one. ${APART}`
  return { id, status: "rejected", code: "too_many_recipients", detail }
}

function withRecipients({ recipients }: { recipients: readonly Recipient[] }) {
  return { notifications: recipients.length, recipients: [...recipients] }
}

/** The result of one that was not. */
export function rejected(id: string | null, issues: readonly Issue[]): EventResult {
  const mistakes = issues.slice(0, MENTIONED).map(({ pointer, detail }) => `${pointer}: ${detail}`)
  return { id, status: "rejected", code: "event_invalid", detail: mistakes.join("; "), pointer: issues[0]?.pointer }
}

/** What `POST /events` answers. */
export function summary(results: EventResult[]) {
  const count = (status: EventResult["status"]) => results.filter((result) => result.status === status).length
  const withdrawn = count("withdrawn")
  return {
    accepted: count("accepted"),
    duplicates: count("duplicate"),
    rejected: count("rejected"),
    ...(withdrawn > 0 && { withdrawn }),
    results,
  }
}

/** An answer's JSON. Of a dry run it may be 10 MB. */
export async function jsonOf({ results, ...counts }: ReturnType<typeof summary>): Promise<string> {
  const texts = await inTurns(results, (result) => JSON.stringify(result))
  return `${JSON.stringify(counts).slice(0, -1)},"results":[${texts.join()}]}`
}
