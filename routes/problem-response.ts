import type { Context } from "hono"
import { problemOf } from "../src/problem.ts"
import type { RequestEnv } from "./request-log.ts"

/** Seconds to wait after a 429 or 503 that does not say how long. */
const RETRY_AFTER = 2

/** An error as an RFC 9457 answer. What is not a `Problem` is told as `internal`, without detail: the log has it. */
export function problemResponse(c: Context<RequestEnv>, error: Error): Response {
  const { code, title, status, message, more, retryAfter = RETRY_AFTER } = problemOf(error)
  const instance = c.var.requestId && `urn:allim:request:${c.var.requestId}`
  c.header("Content-Type", "application/problem+json")
  if (status === 401) c.header("WWW-Authenticate", "Bearer")
  if (status === 429 || status === 503) c.header("Retry-After", String(Math.max(1, Math.ceil(retryAfter))))
  const body = { type: `urn:allim:problem:${code}`, title, status, detail: message, code, instance, ...more }
  return c.newResponse(JSON.stringify(body), status)
}
