import { idAt } from "../id.ts"
import type { EventKey } from "./notices.ts"

/** The next position in a write: nobody else writes meanwhile, so being above the newest keeps it unique and growing, whatever a clock does. */
export function nextPosition(newest: number, now: number): number {
  return Math.max(idAt(now), newest + 1)
}

/** Events as statements take them: the JSON text of [source, id] pairs. */
export function keysJson(keys: readonly EventKey[]): string {
  return JSON.stringify(keys.map(({ source, eventId }) => [source, eventId]))
}
