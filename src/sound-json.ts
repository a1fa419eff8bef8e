import { type Issue, pointerStep } from "./issues.ts"
import type { Json } from "./json.ts"

/** Levels of arrays and objects that an event may have. Real ones have three or four. */
const DEPTH = 32

/**
 * Why a value would not come out of every database and every browser as it went in; undefined when it would. Refused are: numbers that
 * have already lost digits, text that is not Unicode, names that MongoDB or JavaScript take for something else, and nesting that could
 * overflow a stack: the recursion itself ends at `depth`. `at` points at the value.
 */
export function flawOf(value: Json, at = "#", depth = DEPTH): Issue | undefined {
  const flaw = (detail: string) => ({ pointer: at, detail })
  if (typeof value === "number" && !isExact(value)) return flaw("The number is too large; send it as text")
  if (typeof value === "string" && !value.isWellFormed()) return flaw("The text holds half of a surrogate pair")
  if (typeof value !== "object" || value === null) return
  if (depth === 0) return flaw(`Arrays and objects may nest ${DEPTH} levels`)
  // Indexes stay numbers: an array of a million would otherwise become a million texts first.
  for (const name of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    if (isTrap(name)) return flaw("A member's name must be Unicode without NUL, and not __proto__")
    const found = flawOf((value as Members)[name] as Json, "", depth - 1)
    if (found) return { ...found, pointer: `${at}/${pointerStep(name)}${found.pointer}` }
  }
}

type Name = string | number
type Members = Readonly<Record<Name, Json>>

const isExact = (value: number) => Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))

const isTrap = (name: Name) =>
  typeof name === "string" && (name === "__proto__" || name.includes("\0") || !name.isWellFormed())
