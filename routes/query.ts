import { Problem } from "../src/problem.ts"

/** A number of a query or a path. Throws `query_invalid`. */
export function wholeNumber(name: string, value: string, most: number): number {
  const number = /^\d{1,16}$/.test(value) ? Number(value) : 0
  if (number >= 1 && number <= most) return number
  throw new Problem("query_invalid", `${name} must be a whole number from 1 to ${most}.`)
}

/** Throws `query_invalid` for anything but the two words. */
export function yesOrNo(name: string, value: string): boolean {
  if (value === "true" || value === "false") return value === "true"
  throw new Problem("query_invalid", `${name} must be true or false.`)
}

/**
 * Whether a request only asks what it would do, by `?dry=true`. Throws `query_invalid` for any other parameter: whoever misspells this one
 * must not change things.
 */
export function readDry(url: string): boolean {
  const { searchParams } = new URL(url)
  const unknown = [...searchParams.keys()].find((name) => name !== "dry")
  if (unknown !== undefined)
    throw new Problem("query_invalid", `There is no parameter "${unknown}"; the only one is dry.`)
  const [asked, ...again] = searchParams.getAll("dry")
  if (again.length > 0) throw new Problem("query_invalid", "dry is given twice.")
  return asked !== undefined && yesOrNo("dry", asked)
}
