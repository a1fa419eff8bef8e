import { Problem } from "../problem.ts"

/** SQLite's primary result codes that say nothing against the call: busy, locked, read-only, I/O error, full, cannot open. */
const UNAVAILABLE = new Set([5, 6, 8, 10, 13, 14])

/** Those that say nothing against anything but the row: too big, against a constraint, of another type. */
const UNFIT = new Set([18, 19, 20])

type SqliteError = { code?: string; errcode?: number }

/** What an error is told as: what says that the storage does not answer is the problem `unavailable`. */
export function toldOf(error: unknown): unknown {
  const { code, errcode = 0 } = error as SqliteError
  const isClosed = code === "ERR_INVALID_STATE"
  return isClosed || UNAVAILABLE.has(errcode & 0xff) ? unavailable(error) : error
}

export function unavailable(cause: unknown): Problem {
  if (cause instanceof Problem) return cause
  return new Problem("unavailable", "The history does not answer; try again.", { retryAfter: 1, cause })
}

/** Whether it is the row that cannot be stored, and the storage is well. */
export function isUnfit(error: unknown): boolean {
  const { code, errcode } = error as SqliteError
  return errcode === undefined ? code !== "ERR_INVALID_STATE" : UNFIT.has(errcode & 0xff)
}
