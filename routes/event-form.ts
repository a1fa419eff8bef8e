import { z } from "zod"
import type { Event } from "../src/event.ts"
import { type Issue, issuesOf } from "../src/issues.ts"
import type { Json } from "../src/json.ts"
import { flawOf } from "../src/sound-json.ts"
import { userIndex } from "../src/wire-schemas.ts"

/** Characters of an id, a type or a CloudEvents source. */
const TEXT = 255

/** Educators that one event may name. */
const EDUCATORS = 1000

/** The parts that every form of event shares. */
export const eventId = z
  .string()
  .min(1)
  .max(TEXT)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not hold control characters")
  .meta({
    description: "The event's own id: the same id from the same source is the same event",
    examples: ["sub-8841"],
  })

export const eventType = z
  .string()
  .max(TEXT)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:/-]*$/u, 'must be letters and digits, with ".", "_", ":", "/" and "-" between')
  .meta({ description: "What happened", examples: ["assignment.submitted"] })

const LAST = Date.parse("9999-12-31T23:59:59.999Z")

export const eventTime = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) >= 0 && Date.parse(text) <= LAST, "must lie between 1970 and 9999")
  .transform((text) => new Date(text).toISOString())
  .meta({ description: "When it happened, RFC 3339; left out, now", examples: ["2026-11-22T05:30:00Z"] })

/** An empty list is refused: whether it means nobody or everybody, one of the two would be told by mistake. */
export const eventEducators = z.array(userIndex).min(1).max(EDUCATORS).meta({
  description: "Whom to tell; left out, the staff of its course and the student's advisers, as the directory has them",
})

/** An event as it was understood, but for the LMS that sent it; `own` is the source that a CloudEvent names. */
export type ReadEvent = Omit<Event, "source"> & { own?: string }

/** What was understood, or what is wrong with it; and its id as it was sent. */
export type Reading = { id: string | null } & ({ event: ReadEvent } | { issues: readonly Issue[] })

/** One way to write an event; `at` points at the item in the body. `whole`: the body is one event's data, even when it is an array. */
export type Form = { read(item: Json, at: string): Reading; whole?: true }

/** Reads an item by a form's schema, once it is known to survive storage, which no schema says. */
export function readBy<T>(schema: z.ZodType<T>, toEvent: (valid: T) => ReadEvent, item: Json, at: string): Reading {
  const id = idOf(item)
  const flaw = flawOf(item, at)
  if (flaw) return { id, issues: [flaw] }
  const { data, error } = schema.safeParse(item)
  return error ? { id, issues: issuesOf(error, at) } : { id, event: toEvent(data) }
}

function idOf(item: Json): string | null {
  return item !== null && typeof item === "object" && !Array.isArray(item) && typeof item.id === "string"
    ? item.id
    : null
}
