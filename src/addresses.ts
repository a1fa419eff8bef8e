import { concernOf } from "./concern.ts"
import type { Directory } from "./directory/directory.ts"
import type { Event } from "./event.ts"
import { MOST_NOTIFICATIONS, MOST_RECIPIENTS } from "./fan-out.ts"
import { Problem } from "./problem.ts"
import type { Addressed } from "./recipient.ts"
import { inTurns } from "./turns.ts"

/** An event with whoever is to be told; `tooMany` is how many they were when they are more than may be told, and then nobody is. */
export type AddressedEvent = { event: Event; tooMany?: number } & Addressed

/**
 * Each event with whoever is to be told: those it names, or those whom the directory finds concerned. Throws `too_many_notifications` when
 * all of them together are more than a request may make.
 */
export async function addresses(
  events: readonly Event[],
  recipientsOf: Directory["recipientsOf"],
  turns = inTurns,
): Promise<AddressedEvent[]> {
  const unnamed = events.filter((event) => !event.educators)
  const found = (unnamed.length > 0 ? await recipientsOf(unnamed.map(concernOf)) : []).values()
  const addressed = await turns(events, (event) =>
    within(event, event.educators ? named(event.educators) : (found.next().value as Addressed)),
  )
  const all = addressed.reduce((sum, { recipients }) => sum + recipients.length, 0)
  if (all > MOST_NOTIFICATIONS) throw tooManyOf(all)
  return addressed
}

function named(educators: readonly number[]): Addressed {
  return { recipients: [...new Set(educators)].map((educator) => ({ educator, reason: "named" })) }
}

function within(event: Event, addressed: Addressed): AddressedEvent {
  const { length } = addressed.recipients
  return length > MOST_RECIPIENTS ? { event, recipients: [], tooMany: length } : { event, ...addressed }
}

function tooManyOf(notifications: number): Problem {
  return new Problem(
    "too_many_notifications",
    `A request may make ${MOST_NOTIFICATIONS} notifications, and this one would make ${notifications}; nothing of it is recorded. Send fewer events a request.`,
    { more: { notifications } },
  )
}
