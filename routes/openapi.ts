import type { Field } from "../src/history/condition.ts"
import type { ProblemCode } from "../src/problem.ts"
import { componentSchemas } from "./api-schemas.ts"
import { pageLimits } from "./notifications.ts"
import { postEvents, putDirectory, putRoster, withdrawEvent } from "./openapi-lms.ts"
import { BODY_PROBLEMS, json, query, ref, refusals } from "./openapi-parts.ts"

const TOKEN_PROBLEMS = ["token_missing", "token_invalid", "token_expired"] as const

const byEducator = [{ educatorToken: [] }]

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
      ...refusals(
        ...TOKEN_PROBLEMS,
        "query_invalid",
        "cursor_invalid",
        "field_not_filterable",
        "index_unfinished",
        "unavailable",
      ),
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
