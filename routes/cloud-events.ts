import { z } from "zod"
import type { Json, JsonObject } from "../src/json.ts"
import { parseJson } from "../src/parse-json.ts"
import { userIndex } from "../src/wire-schemas.ts"
import { eventEducators, eventId, eventTime, eventType, type ReadEvent, type Reading, readBy } from "./event-form.ts"

export const cloudEventSource = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\s\p{Cc}]*$/u, "must be a URI reference")
  .meta({
    description: "A URI reference; events of two sources differ even when their ids are equal",
    examples: ["/lms/school-1"],
  })

/**
 * CloudEvents 1.0 in JSON. The student and the educators are members of `data`. `source` and `id` together identify a CloudEvent.
 * Extension attributes are ignored.
 */
export const cloudEvent = z.looseObject({
  specversion: z.literal("1.0"),
  id: eventId,
  source: cloudEventSource,
  type: eventType,
  time: eventTime.optional(),
  data: z.looseObject({ student: userIndex, educators: eventEducators.optional() }),
  data_base64: z
    .string()
    .refine((left) => left === undefined, "It must be JSON in base64, and not stand beside data")
    .optional()
    .meta({ description: "The data as base64 of its JSON, instead of `data`" }),
})

export function readCloudEvent(item: Json, at: string): Reading {
  return readBy(cloudEvent, toEvent, isObject(item) ? normalised(item) : item, at)
}

/** Reads binary mode: the attributes are headers, the body is the data. Pointers are those of the same event in structured mode. */
export function readBinary(headers: Headers, data: Json, at: string): Reading {
  const attributes: JsonObject = {}
  for (const [header, value] of headers) {
    if (!header.startsWith("ce-")) continue
    const name = header.slice("ce-".length)
    try {
      attributes[name] = decodeHeader(value)
    } catch {
      return { id: null, issues: [{ pointer: `${at}/${name}`, detail: `${header} is not percent-encoded UTF-8` }] }
    }
  }
  return readCloudEvent({ ...attributes, data }, at)
}

function toEvent({ id, source, type, time, data }: z.output<typeof cloudEvent>): ReadEvent {
  const { student, educators, ...rest } = data
  const occurredAt = time ?? new Date().toISOString()
  return { own: source, id, type, occurredAt, student, educators, data: rest as JsonObject }
}

/** A member that is null counts as left out. What is in `data_base64` becomes the data, when it can. */
function normalised(item: JsonObject): JsonObject {
  const event = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null))
  const { data_base64: encoded, ...rest } = event
  if (typeof encoded !== "string" || "data" in rest) return event
  try {
    return { ...rest, data: parseJson(Buffer.from(encoded, "base64")) }
  } catch {
    return event
  }
}

/**
 * Undoes quotes, then percent-encoding. Senders that forget to encode send the bytes of UTF-8 as they are, and HTTP shows each byte as
 * one character: both end as the same bytes.
 */
function decodeHeader(value: string): string {
  const unquoted = /^".*"$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value
  const bytes = unquoted.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(bytes, "latin1"))
}

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === "object" && !Array.isArray(value)
