import { Problem } from "../problem.ts"

/** SQLite's primary result codes that say nothing against the call: busy, locked, read-only, I/O error, full, cannot open. */
const UNAVAILABLE = new Set([5, 6, 8, 10, 13, 14])

/** Those that say nothing against anything but the row: too big, against a constraint, of another type. */
const UNFIT = new Set([18, 19, 20])

type SqliteError = { code?: string; errcode?: number }

type Method = (...asked: never[]) => unknown
type Answering<M> = {
  [Name in keyof M]: M[Name] extends (...asked: infer Asked) => infer Found
    ? (...asked: Asked) => Promise<Awaited<Found>>
    : never
}

/** The same methods, of which each answers a promise: what tells that the storage does not answer becomes the problem `unavailable`. */
export function answering<M extends Record<keyof M, Method>>(methods: M): Answering<M> {
  const answer =
    (method: Method) =>
    async (...asked: never[]) => {
      try {
        return await method(...asked)
      } catch (cause) {
        const { code, errcode = 0 } = cause as SqliteError
        const isClosed = code === "ERR_INVALID_STATE"
        if (!isClosed && !UNAVAILABLE.has(errcode & 0xff)) throw cause
        throw unavailable(cause)
      }
    }
  return Object.fromEntries(
    Object.entries<Method>(methods).map(([name, method]) => [name, answer(method)]),
  ) as Answering<M>
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
