import type { Field } from "../src/history/condition.ts"
import { type ProblemCode, problems } from "../src/problem.ts"
import { componentSchemas, refTo, type SchemaName } from "./api-schemas.ts"
import { directoryLimits } from "./directory.ts"
import { eventLimits } from "./events.ts"
import { pageLimits } from "./notifications.ts"

const SOURCE_PROBLEMS = [
  "source_unknown",
  "signature_invalid",
  "signature_stale",
  "body_late",
  "rate_exceeded",
] as const
const TOKEN_PROBLEMS = ["token_missing", "token_invalid", "token_expired"] as const
const BODY_PROBLEMS = ["body_too_large", "media_type_unsupported", "json_invalid"] as const

const DRY = query(
  "dry",
  { type: "boolean", default: false },
  "Only say what would be done. There is no other parameter",
)

const bySecret = [{ sourceSecret: [] }]
const bySource = [...bySecret, { sourceSignature: [], sourceSignatureId: [], sourceSignatureTime: [] }]
const byEducator = [{ educatorToken: [] }]

const SUBMITTED = {
  id: "sub-8841",
  type: "assignment.submitted",
  time: "2026-11-22T05:30:00Z",
  student: 7,
  data: { assignmentId: 9, courseId: 3, late: false },
}
const { id, type, time, student, data } = SUBMITTED
const AS_CLOUD_EVENT = { specversion: "1.0", source: "/lms/school-1", id, type, time, data: { student, ...data } }

/** OpenAPI 3.1 of all routes. `fields` are what may be filtered on inside the data. */
export function openapiDocument({ fields, version }: { fields: readonly Field[]; version: string }) {
  return {
    openapi: "3.1.0",
    info: {
      title: "Allim",
      version,
      license: { name: "MIT", identifier: "MIT" },
      description:
        "An LMS posts events; educators list what they were told. Live delivery is described by /asyncapi.json. " +
        "Errors are RFC 9457 problem details with a stable `code`; a path that is not served answers `not_found`, a method `method_not_allowed`; " +
        "a connection for which there is no room is answered `overloaded` and closed. Of sockets there may be `too_many_connections`.",
    },
    tags: [{ name: "LMS" }, { name: "Educator" }, { name: "Operator" }],
    paths: {
      "/events": { post: postEvents(), delete: withdrawEvent() },
      "/directory": { put: putDirectory() },
      "/directory/courses/{id}/roster": { put: putRoster() },
      "/notifications": { get: listNotifications(fields) },
      "/notifications/count": { get: countNotifications() },
      "/notifications/read": { post: readNotifications() },
      "/health/live": { get: operated("Whether the process runs", "application/json") },
      "/health/ready": { get: ready() },
      "/metrics": { get: operated("Prometheus metrics", "text/plain") },
      "/openapi.json": { get: operated("This document", "application/json") },
      "/asyncapi.json": { get: operated("The socket's document", "application/json") },
    },
    components: { schemas: componentSchemas(), securitySchemes },
  }
}

const securitySchemes = {
  sourceSecret: { type: "http", scheme: "bearer", description: "One of the source's secrets" },
  sourceSignature: {
    type: "apiKey",
    in: "header",
    name: "webhook-signature",
    description:
      "Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`; several, separated by spaces",
  },
  sourceSignatureId: {
    type: "apiKey",
    in: "header",
    name: "webhook-id",
    description: "Standard Webhooks: the message's id",
  },
  sourceSignatureTime: {
    type: "apiKey",
    in: "header",
    name: "webhook-timestamp",
    description: "Standard Webhooks: Unix seconds, at most 300 from now",
  },
  educatorToken: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "The educator's access token" },
}

function postEvents() {
  return {
    tags: ["LMS"],
    operationId: "postEvents",
    summary: "Tell of what students did",
    description:
      `One event, or up to ${eventLimits.batch} in an array; ${eventLimits.body} bytes in all, ${eventLimits.data} for each event's data. ` +
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
        "nothing_accepted",
        "unavailable",
      ),
    },
  }
}

function withdrawEvent() {
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

function putDirectory() {
  return {
    tags: ["LMS"],
    operationId: "putDirectory",
    summary: "Say who teaches, attends and advises, and what things are called",
    description: `For the embedded directory only. All of a change is applied, or nothing; ${directoryLimits.body} bytes at most.`,
    ...putting("DirectoryChange", "DirectoryEffect"),
  }
}

function putRoster() {
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

function listNotifications(fields: readonly Field[]) {
  return {
    tags: ["Educator"],
    operationId: "listNotifications",
    summary: "The educator's notifications, newest first",
    description:
      "A page that listens as well lists when its socket's first `count_알림` arrives, not before, and again at each `refresh_알림`: " +
      "what is recorded between an earlier list and that moment is in the list neither, nor delivered.",
    security: byEducator,
    parameters: [
      query("cursor", { type: "string" }, "`next` of the page before"),
      query("limit", { type: "integer", minimum: 1, maximum: pageLimits.most, default: pageLimits.usual }),
      query("type", { type: "string" }, "Only of this type"),
      query("student", { type: "integer", minimum: 1 }, "Only of this student"),
      query("unread", { type: "boolean" }, "Only those that were not read, or only those that were"),
      query("content-language", { type: "string" }, "The language of the texts; left out, `Accept-Language` decides"),
      ...fields.map(filter),
    ],
    responses: {
      200: json("A page", "NotificationPage"),
      ...refusals(...TOKEN_PROBLEMS, "query_invalid", "cursor_invalid", "field_not_filterable", "unavailable"),
    },
  }
}

function filter({ path, type }: Field) {
  const order = type === "boolean" ? "" : ", and `[lt]`, `[lte]`, `[gt]`, `[gte]`"
  const description = `Only with this value; also \`data.${path}[in]\`, values separated by commas${order}`
  return query(
    `data.${path}`,
    { type: type === "date" ? "string" : type },
    type === "date" ? `ISO 8601. ${description}` : description,
  )
}

function countNotifications() {
  return {
    tags: ["Educator"],
    operationId: "countNotifications",
    summary: "How many are unread",
    security: byEducator,
    responses: { 200: json("The count", "UnreadCount"), ...refusals(...TOKEN_PROBLEMS, "unavailable") },
  }
}

function readNotifications() {
  return {
    tags: ["Educator"],
    operationId: "readNotifications",
    summary: "Mark some as read, or all",
    description: "Idempotent: what was read before keeps its time.",
    security: byEducator,
    requestBody: { required: true, content: { "application/json": { schema: ref("ReadSelection") } } },
    responses: {
      200: json("What was marked", "ReadOutcome"),
      ...refusals(...BODY_PROBLEMS, ...TOKEN_PROBLEMS, "selection_invalid", "unavailable"),
    },
  }
}

function operated(summary: string, type: string, ...codes: ProblemCode[]) {
  const schema = { type: type === "text/plain" ? "string" : "object" }
  return {
    tags: ["Operator"],
    summary,
    security: [],
    responses: { 200: { description: "It is so", content: { [type]: { schema } } }, ...refusals(...codes) },
  }
}

function ready() {
  const schema = {
    type: "object",
    properties: {
      status: { enum: ["ready", "degraded"] },
      degraded: { type: "array", items: { type: "string" }, description: "What does not answer" },
    },
    required: ["status"],
  }
  const operation = operated("Whether requests are welcome now", "application/json", "unavailable")
  const description =
    "They are: history answers and takes records. `degraded`: something else does not answer, and all the rest is served"
  return {
    ...operation,
    responses: { ...operation.responses, 200: { description, content: { "application/json": { schema } } } },
  }
}

function ref(name: SchemaName) {
  return { $ref: refTo(name) }
}

function json(description: string, name: SchemaName) {
  return { description, content: { "application/json": { schema: ref(name) } } }
}

function query(name: string, schema: object, description?: string) {
  return { name, in: "query", schema, description }
}

/** One answer for each status, with the codes it may have. */
function refusals(...codes: readonly ProblemCode[]) {
  const byStatus = Object.groupBy([...codes, "internal" as const], (code) => problems[code][0])
  return Object.fromEntries(Object.entries(byStatus).map(([status, codes]) => [status, refusal(status, codes ?? [])]))
}

function refusal(status: string, codes: readonly ProblemCode[]) {
  const schema = { allOf: [ref("Problem"), { properties: { code: { enum: codes } } }] }
  const wait = { "Retry-After": { description: "Seconds to wait", schema: { type: "integer", minimum: 1 } } }
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code][1]}`).join("; "),
    content: { "application/problem+json": { schema } },
    ...((status === "429" || status === "503") && { headers: wait }),
  }
}
