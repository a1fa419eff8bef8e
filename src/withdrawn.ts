import type { Clock } from "./clock.ts"
import { type EventKey, MOST_NOTICES } from "./history/notices.ts"

/** For how long it is remembered, in milliseconds: a day. */
const DAY = 86_400_000

export const textOf = ({ source, eventId }: EventKey) => JSON.stringify([source, eventId])

/** What a process knows to be withdrawn: the last `MOST_NOTICES` events that it has learnt of within a day. */
export function withdrawnEvents(clock: Pick<Clock, "now">) {
  /** Oldest first. */
  const known = new Map<string, { key: EventKey; at: number }>()

  return {
    has: (event: EventKey) => known.has(textOf(event)),

    add({ source, eventId }: EventKey) {
      const key = { source, eventId }
      known.delete(textOf(key))
      known.set(textOf(key), { key, at: clock.now() })
      const [oldest] = known.keys()
      if (known.size > MOST_NOTICES && oldest) known.delete(oldest)
    },

    /** All of them; those of more than a day ago are forgotten. */
    keys(): EventKey[] {
      for (const [text, { at }] of known) if (clock.now() - at > DAY) known.delete(text)
      return [...known.values()].map(({ key }) => key)
    },
  }
}
