import { z } from "zod"
import type { Json } from "../src/json.ts"
import { jsonObject, userIndex } from "../src/wire-schemas.ts"
import { eventEducators, eventId, eventTime, eventType, type ReadEvent, type Reading, readBy } from "./event-form.ts"

/** Strict, because a misspelt `educators` would tell everyone. */
export const nativeEvent = z.strictObject({
  id: eventId,
  type: eventType,
  time: eventTime.optional(),
  student: userIndex,
  educators: eventEducators.optional(),
  data: jsonObject.default({}),
})

export function readNative(item: Json, at: string): Reading {
  return readBy(nativeEvent, toEvent, item, at)
}

function toEvent({ time, ...event }: z.output<typeof nativeEvent>): ReadEvent {
  return { ...event, occurredAt: time ?? new Date().toISOString() }
}
