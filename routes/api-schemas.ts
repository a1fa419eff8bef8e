import { z } from "zod"
import { directoryChange, directoryEffect, roster, rosterEffect } from "../src/directory/change.ts"
import { kinds } from "../src/kinds/kinds.ts"
import * as wire from "../src/wire-schemas.ts"
import { cloudEvent } from "./cloud-events.ts"
import { nativeEvent } from "./native-event.ts"

const registered = kinds.map(({ type }) => type)
const otherType = nativeEvent.shape.type.meta({
  description: "A type of the LMS's own: delivered with a generic text",
  examples: ["locker.opened"],
  not: { enum: registered },
})

const nativeKinds = kinds.map(({ type, data, summary }) =>
  nativeEvent.extend({ type: z.literal(type), data }).meta({ title: type, description: summary }),
)
const cloudKinds = kinds.map(({ type, data, summary }) =>
  cloudEvent
    .extend({ type: z.literal(type), data: data.extend(cloudEvent.shape.data.shape) })
    .meta({ title: type, description: summary }),
)
const event = z.union([...nativeKinds, nativeEvent.extend({ type: otherType }).meta({ title: "any other type" })])
const cloud = z.union([...cloudKinds, cloudEvent.extend({ type: otherType }).meta({ title: "any other type" })])

const named = {
  Event: event,
  Events: z.array(event).min(1),
  CloudEvent: cloud,
  CloudEvents: z.array(cloud).min(1),
  CloudEventData: cloudEvent.shape.data,
  EventsAnswer: wire.eventsAnswer,
  EventResult: wire.eventResult,
  DirectoryChange: directoryChange,
  DirectoryEffect: directoryEffect,
  Roster: roster,
  RosterEffect: rosterEffect,
  Notification: wire.wireNotification,
  NotificationPage: wire.notificationPage,
  UnreadCount: wire.unreadCount,
  ReadSelection: wire.readSelection,
  ReadOutcome: wire.readOutcome,
  Problem: wire.problemBody,
}
export type SchemaName = keyof typeof named

/** The schemas of everything that HTTP carries, made from those that validate it; they refer to each other as components. */
export function componentSchemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id })
  for (const schema of nativeKinds) registry.add(schema, { id: `Event.${schema.shape.type.value}` })
  for (const schema of cloudKinds) registry.add(schema, { id: `CloudEvent.${schema.shape.type.value}` })
  const { schemas } = z.toJSONSchema(registry, { io: "input", uri: refTo, override: withoutDatePattern })
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]))
}

/** Where a schema stands in the document. */
export function refTo(name: string): string {
  return `#/components/schemas/${name}`
}

/** A date's format says it to people; its pattern is half a page. */
export function withoutDatePattern({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }) {
  if (jsonSchema.format === "date-time") delete jsonSchema.pattern
}
