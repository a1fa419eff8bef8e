import type { JsonObject } from "./json.ts"

/** Every expected error: its stable code, its HTTP status and what it means. Codes are part of the contract; texts are not. */
export const problems = {
  token_missing: [401, "An access token is required"],
  token_invalid: [401, "The access token is not valid"],
  token_expired: [401, "The access token has expired"],
  source_unknown: [401, "The request does not prove which source sent it"],
  signature_invalid: [401, "The signature does not fit the body"],
  signature_stale: [401, "The signature's timestamp is too far from now"],
  not_found: [404, "There is nothing here"],
  method_not_allowed: [405, "This method is not served here"],
  directory_read_only: [409, "The directory belongs to another database"],
  body_late: [408, "The body did not arrive in time"],
  body_too_large: [413, "The body is too large"],
  media_type_unsupported: [415, "This content type is not understood"],
  body_incomplete: [400, "The body did not come to its end"],
  json_invalid: [400, "The body is not JSON"],
  query_invalid: [400, "A query parameter is not valid"],
  cursor_invalid: [400, "The cursor is not one of ours"],
  field_not_filterable: [400, "This field cannot be filtered on"],
  event_invalid: [422, "The event is not acceptable"],
  batch_too_large: [422, "The request holds too many events"],
  too_many_notifications: [422, "The request would make too many notifications"],
  too_many_recipients: [422, "The event would be told to too many"],
  batch_empty: [422, "The request holds no event"],
  nothing_accepted: [422, "No event of the request is acceptable"],
  directory_invalid: [422, "The directory's change is not acceptable"],
  selection_invalid: [422, "The selection of notifications is not valid"],
  rate_exceeded: [429, "Too many requests"],
  too_many_connections: [429, "Too many connections at once"],
  internal: [500, "Something went wrong here"],
  unavailable: [503, "A database does not answer"],
  index_unfinished: [503, "An index is still being built"],
  overloaded: [503, "The server has as many connections as it can hold"],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof problems

/**
 * An expected error. `detail` tells the caller what to do next and holds no secret; `more` are further members of the answer;
 * `retryAfter` is in seconds.
 */
export class Problem extends Error {
  override readonly name = "Problem"
  readonly code: ProblemCode
  readonly more: JsonObject
  readonly retryAfter: number | undefined

  constructor(
    code: ProblemCode,
    detail?: string,
    options: { more?: JsonObject; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(detail ?? problems[code][1], { cause: options.cause })
    this.code = code
    this.more = options.more ?? {}
    this.retryAfter = options.retryAfter
  }

  get status(): (typeof problems)[ProblemCode][0] {
    return problems[this.code][0]
  }

  get title(): string {
    return problems[this.code][1]
  }
}

/** The problem that an error is told as: itself if it is one, else `internal` without detail, and `unexpected` is told of it. */
export function problemOf(error: unknown, unexpected?: (error: unknown) => void): Problem {
  if (error instanceof Problem) return error
  unexpected?.(error)
  return new Problem("internal")
}
