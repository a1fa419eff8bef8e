import { MOST_NOTIFICATIONS, MOST_RECIPIENTS } from "../src/fan-out.ts"
import type { SchemaName } from "./api-schemas.ts"
import { directoryLimits } from "./directory.ts"
import { eventLimits } from "./events.ts"
import { BODY_PROBLEMS, json, query, ref, refusals } from "./openapi-parts.ts"

const SOURCE_PROBLEMS = [
  "source_unknown",
  "signature_invalid",
  "signature_stale",
  "body_incomplete",
  "body_late",
  "rate_exceeded",
] as const
const DRY = query(
  "dry",
  { type: "boolean", default: false },
  "Only say what would be done. There is no other parameter",
)

const bySecret = [{ sourceSecret: [] }]
const bySource = [...bySecret, { sourceSignature: [], sourceSignatureId: [], sourceSignatureTime: [] }]
const SUBMITTED = {
  id: "sub-8841",
  type: "assignment.submitted",
  time: "2026-11-22T05:30:00Z",
  student: 7,
  data: { assignmentId: 9, courseId: 3, late: false },
}
const { id, type, time, student, data } = SUBMITTED
const AS_CLOUD_EVENT = { specversion: "1.0", source: "/lms/school-1", id, type, time, data: { student, ...data } }

export function postEvents() {
  return {
    tags: ["LMS"],
    operationId: "postEvents",
    summary: "Tell of what students did",
    description:
      `One event, or up to ${eventLimits.batch} in an array; ${eventLimits.body} bytes in all, ${eventLimits.data} for each event's data. ` +
      `An event may be told to ${MOST_RECIPIENTS} educators, or is rejected; a request may make ${MOST_NOTIFICATIONS} notifications, or nothing of it is recorded. ` +
      "Each is judged by itself, and sending one again is harmless: the same source and id is the same event, told to whom it was not told yet. " +
      "When none is acceptable, the problem `nothing_accepted` has the members of the usual answer as well. " +
      "CloudEvents 1.0 are taken in structured, batch and binary mode; `student` and `educators` then stand in `data`.",
    security: bySource,
    parameters: [
      DRY,
      ...["id", "source", "type", "time", "specversion"].map((name) => ({
        name: `ce-${name}`,
        in: "header",
        description: "CloudEvents in binary mode: an attribute, percent-encoded; the body is the data",
        schema: { type: "string" },
      })),
    ],
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: { anyOf: [ref("Event"), ref("Events"), ref("CloudEventData")] },
          examples: {
            one: { value: SUBMITTED },
            several: { value: [SUBMITTED, { ...SUBMITTED, id: "sub-8842", student: 8 }] },
          },
        },
        "application/cloudevents+json": { schema: ref("CloudEvent"), example: AS_CLOUD_EVENT },
        "application/cloudevents-batch+json": { schema: ref("CloudEvents"), example: [AS_CLOUD_EVENT] },
      },
    },
    responses: {
      200: json("With `dry`: what would become of them", "EventsAnswer"),
      202: json("Recorded: every educator who is to be told will be", "EventsAnswer"),
      ...refusals(
        ...BODY_PROBLEMS,
        ...SOURCE_PROBLEMS,
        "query_invalid",
        "batch_empty",
        "batch_too_large",
        "too_many_notifications",
        "nothing_accepted",
        "unavailable",
      ),
    },
  }
}

export function withdrawEvent() {
  return {
    tags: ["LMS"],
    operationId: "withdrawEvent",
    summary: "Take back what an event told",
    description:
      "Whoever was told is told no longer: it leaves lists and counts, open pages fetch their list again, and those of educators who are away do " +
      "when they are back. Nothing brings it back, the same event sent again neither. An event is its source's own: no other can take it back. " +
      "An event that has not come yet can be taken back too, and one that is may be again. A signature is not enough, because it does not cover the address.",
    security: bySecret,
    parameters: [
      { ...query("id", { type: "string" }, "The event's id as it was sent"), required: true },
      query("source", { type: "string" }, "The `source` that a CloudEvent names; left out for native events"),
    ],
    responses: {
      204: { description: "It is taken back" },
      ...refusals("body_too_large", ...SOURCE_PROBLEMS, "query_invalid", "unavailable"),
    },
  }
}

export function putDirectory() {
  return {
    tags: ["LMS"],
    operationId: "putDirectory",
    summary: "Say who teaches, attends and advises, and what things are called",
    description: `For the embedded directory only. All of a change is applied, or nothing; ${directoryLimits.body} bytes at most.`,
    ...putting("DirectoryChange", "DirectoryEffect"),
  }
}

export function putRoster() {
  const course = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER }
  return {
    tags: ["LMS"],
    operationId: "putRoster",
    summary: "Say who teaches and who attends a course",
    description: `For the embedded directory only. Replaces all that was known of both, or nothing; ${directoryLimits.body} bytes at most.`,
    ...putting("Roster", "RosterEffect", { name: "id", in: "path", required: true, schema: course }),
    security: bySecret,
  }
}

/** What the ways to write to the directory share. */
function putting(body: SchemaName, effect: SchemaName, ...parameters: object[]) {
  return {
    security: bySource,
    parameters: [...parameters, DRY],
    requestBody: { required: true, content: { "application/json": { schema: ref(body) } } },
    responses: {
      200: json("With `dry`: what would be done", effect),
      204: { description: "Applied" },
      ...refusals(
        ...BODY_PROBLEMS,
        ...SOURCE_PROBLEMS,
        "query_invalid",
        "directory_read_only",
        "directory_invalid",
        "unavailable",
      ),
    },
  }
}
