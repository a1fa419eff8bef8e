import type { JsonObject } from "../json.ts"
import { Problem, type ProblemCode } from "../problem.ts"
import { StartError } from "../start-error.ts"

/** An error as it passes from thread to thread: a clone of the error itself loses its class and what was added to it. */
export type Carried = { message: string; stack?: string; cause?: Carried } & (
  | { kind: "problem"; code: ProblemCode; more: JsonObject; retryAfter: number | undefined }
  | { kind: "start" }
  | { kind: "other"; name: string; code?: string | number; errcode?: number }
)

/** Of an error that was caused by an error, and so on, so many are carried. */
const MOST_CAUSES = 5

/** What can be cloned of an error, whatever was thrown. Also for an error inside an answer, which the driver restores itself. */
export function carry(error: unknown, causes = MOST_CAUSES): Carried {
  if (!(error instanceof Error)) return { kind: "other", name: "Error", message: String(error) }
  const { message, stack } = error
  const cause = error.cause === undefined || causes === 0 ? undefined : carry(error.cause, causes - 1)
  const common = { message, ...(stack !== undefined && { stack }), ...(cause && { cause }) }
  if (error instanceof Problem)
    return { kind: "problem", ...common, code: error.code, more: error.more, retryAfter: error.retryAfter }
  if (error instanceof StartError) return { kind: "start", ...common }
  return { kind: "other", ...common, name: error.name, ...codesOf(error) }
}

/** The error that was carried: a `Problem`, a `StartError`, or an `Error` with its `name`, and SQLite's and the system's codes. */
export function restore(carried: Carried): Error {
  const error = bare(carried)
  if (carried.stack !== undefined) error.stack = carried.stack
  return error
}

function bare(carried: Carried): Error {
  const { message } = carried
  const cause = carried.cause && restore(carried.cause)
  if (carried.kind === "problem") {
    const { code, more, retryAfter } = carried
    return new Problem(code, message, { more, cause, ...(retryAfter !== undefined && { retryAfter }) })
  }
  if (carried.kind === "start") return new StartError(message, { cause })
  return Object.assign(new Error(message, { cause }), { name: carried.name }, codesOf(carried))
}

function codesOf(error: object) {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return {
    ...((typeof code === "string" || typeof code === "number") && { code }),
    ...(typeof errcode === "number" && { errcode }),
  }
}
