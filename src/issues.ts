import type { z } from "zod"

/** What is wrong with a part of a body; `pointer` is a JSON Pointer as a URI fragment, such as `#/data/score`. */
export type Issue = { pointer: string; detail: string }

/** No answer lists more than this many: 20. */
const MAX_ISSUES = 20

/** The issues of a refused value; `at` is where that value lies in the body. */
export function issuesOf(error: z.ZodError, at = "#"): Issue[] {
  return error.issues.slice(0, MAX_ISSUES).map(({ path, message }) => ({
    pointer: [at, ...path.map(pointerStep)].join("/"),
    detail: message,
  }))
}

/** A member's name or an index as one step of a JSON Pointer (RFC 6901). */
export function pointerStep(name: PropertyKey): string {
  return String(name).replaceAll("~", "~0").replaceAll("/", "~1")
}
