import { concernOf } from "./concern.ts"
import type { Directory } from "./directory/directory.ts"
import type { Event } from "./event.ts"
import type { Addressed } from "./recipient.ts"
import { inTurns } from "./turns.ts"

/** An event with whoever is to be told. */
export type AddressedEvent = { event: Event } & Addressed

/** Each event with whoever is to be told: those it names, or those whom the directory finds concerned. */
export async function addresses(
  events: readonly Event[],
  recipientsOf: Directory["recipientsOf"],
): Promise<AddressedEvent[]> {
  const unnamed = events.filter((event) => !event.educators)
  const found = (unnamed.length > 0 ? await recipientsOf(unnamed.map(concernOf)) : []).values()
  return inTurns(events, (event) => ({
    event,
    ...(event.educators ? named(event.educators) : (found.next().value as Addressed)),
  }))
}

function named(educators: readonly number[]): Addressed {
  return { recipients: [...new Set(educators)].map((educator) => ({ educator, reason: "named" })) }
}
