import { type ProblemCode, problems } from "../src/problem.ts"
import { refTo, type SchemaName } from "./api-schemas.ts"

/** What every operation of the document is made of. */
export const BODY_PROBLEMS = ["body_too_large", "media_type_unsupported", "json_invalid"] as const

export function ref(name: SchemaName) {
  return { $ref: refTo(name) }
}

export function json(description: string, name: SchemaName) {
  return { description, content: { "application/json": { schema: ref(name) } } }
}

export function query(name: string, schema: object, description?: string) {
  return { name, in: "query", schema, description }
}

/** One answer for each status, with the codes it may have. */
export function refusals(...codes: readonly ProblemCode[]) {
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
