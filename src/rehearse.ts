import { type AddressedEvent, addresses } from "./addresses.ts"
import type { Directory } from "./directory/directory.ts"
import type { Event } from "./event.ts"
import { keyOf, type Notices } from "./history/notices.ts"
import type { Upkeep } from "./history/upkeep.ts"
import { portionsOf } from "./portions.ts"
import type { Nobody, Recipient } from "./recipient.ts"
import { inTurns } from "./turns.ts"
import { textOf } from "./withdrawn.ts"

type Needs = {
  recipientsOf: Directory["recipientsOf"]
  upkeep: Pick<Upkeep, "bearing">
  notices: Pick<Notices, "withdrawn">
}

/** What would become of an event: whom it would be told to, or why nobody. */
export type Rehearsed =
  | { status: "recorded"; recipients: readonly Recipient[]; nobody?: Nobody }
  | { status: "duplicate" }
  | { status: "withdrawn" }
  | { status: "crowded"; recipients: number }
export type Rehearse = (events: readonly Event[]) => Promise<Rehearsed[]>

/** Answers what `notify` would do with these events now, and does nothing. It looks up portions of them, as that records them. */
export function rehearser({ recipientsOf, upkeep, notices }: Needs): Rehearse {
  return async (events) => {
    const addressed = await addresses(events, recipientsOf)
    const told = new Map<string, Set<number>>()
    const rehearsed: Rehearsed[] = []
    for (const portion of portionsOf(addressed)) rehearsed.push(...(await rehearse(portion, told)))
    return rehearsed
  }

  /** `told` has, by event, those who would be told by an earlier portion. */
  async function rehearse(portion: readonly AddressedEvent[], told: Map<string, Set<number>>): Promise<Rehearsed[]> {
    const keys = portion.map(({ event }) => keyOf(event))
    const [had, withdrawn] = await Promise.all([upkeep.bearing(keys), notices.withdrawn(keys)])
    const bearers = Map.groupBy(had, textOf)
    const gone = new Set(withdrawn.map(textOf))
    return inTurns(portion, ({ event, recipients, nobody, tooMany }): Rehearsed => {
      const key = textOf(keyOf(event))
      if (gone.has(key)) return { status: "withdrawn" }
      if (tooMany !== undefined) return { status: "crowded", recipients: tooMany }
      const those = told.get(key) ?? new Set(bearers.get(key)?.map(({ educator }) => educator))
      const lacking = recipients.filter(({ educator }) => !those.has(educator))
      for (const { educator } of lacking) those.add(educator)
      told.set(key, those)
      if (recipients.length > 0 && lacking.length === 0) return { status: "duplicate" }
      return { status: "recorded", recipients: lacking, ...(nobody && { nobody }) }
    })
  }
}
