import { addresses } from "./addresses.ts"
import type { Directory } from "./directory/directory.ts"
import type { Event } from "./event.ts"
import { type EventKey, keyOf, type Notices } from "./history/notices.ts"
import type { Upkeep } from "./history/upkeep.ts"
import type { Nobody, Recipient } from "./recipient.ts"
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
export type Rehearse = (events: readonly Event[]) => Promise<Rehearsed[]>

/** Answers what `notify` would do with these events now, and does nothing. */
export function rehearser({ recipientsOf, upkeep, notices }: Needs): Rehearse {
  return async (events) => {
    const keys = events.map(keyOf)
    const [addressed, had, withdrawn] = await Promise.all([
      addresses(events, recipientsOf),
      upkeep.bearing(keys),
      notices.withdrawn(keys),
    ])
    const told = new Set(had.map((row) => whose(row, row.educator)))
    const gone = new Set(withdrawn.map(textOf))
    return addressed.map(({ event, recipients, nobody }): Rehearsed => {
      const key = keyOf(event)
      if (gone.has(textOf(key))) return { status: "withdrawn" }
      const lacking = recipients.filter(({ educator }) => !told.has(whose(key, educator)))
      for (const { educator } of lacking) told.add(whose(key, educator))
      if (recipients.length > 0 && lacking.length === 0) return { status: "duplicate" }
      return { status: "recorded", recipients: lacking, ...(nobody && { nobody }) }
    })
  }
}

const whose = (key: EventKey, educator: number) => `${educator} ${textOf(key)}`
