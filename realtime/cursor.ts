/** More ids than this a cursor does not list: it says instead that its owner has to list again. */
export const MOST_IDS = 500

/**
 * What a socket has, as its client keeps it: of this store and educator, everything up to the watermark was delivered or skipped for good,
 * and so were the ids above it. `ids` is undefined when there were too many to name. `known` is what the process knew that said so.
 */
export type Cursor = {
  store: string
  educator: number
  known: number
  watermark: number
  ids: readonly number[] | undefined
}

const NUMBER = "[0-9a-z]{1,11}"
const CURSOR = new RegExp(
  `^2\\.([0-9A-Za-z]{1,32})\\.(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})\\.(\\*|-?${NUMBER}(?:,-?${NUMBER})*|)$`,
)
const MANY = "*"

/** Characters of the longest cursor: each id and its comma, sixteen at most, and the parts before them. */
const LONGEST = MOST_IDS * 16 + 128

/** `2.<store>.<educator>.<known>.<watermark>.<ids>`, numbers in base 36; `ids` is what `distance` and commas make, or `undefined`. */
export function encodeCursor(cursor: Omit<Cursor, "ids">, ids: string | undefined): string {
  const { store, educator, known, watermark } = cursor
  return ["2", store, ...[educator, known, watermark].map((number) => number.toString(36)), ids ?? MANY].join(".")
}

/** An id as its distance from the one before, the first from the watermark. */
export function distance(before: number, id: number): string {
  return (id - before).toString(36)
}

/** Undefined for whatever `encodeCursor` did not make; throws for nothing. */
export function decodeCursor(text: unknown): Cursor | undefined {
  if (typeof text !== "string" || text.length > LONGEST) return
  const [, store, educator, known, watermark, distances] = CURSOR.exec(text) ?? []
  if (store === undefined || distances === undefined) return
  const numbers = { educator: numberOf(educator), known: numberOf(known), watermark: numberOf(watermark) }
  const ids = distances === MANY ? undefined : idsOf(numbers.watermark, distances)
  const sound = [...Object.values(numbers), ...(ids ?? [])].every(
    (number) => Number.isSafeInteger(number) && number >= 0,
  )
  if (sound && (ids?.length ?? 0) <= MOST_IDS) return { store, ...numbers, ids }
}

function idsOf(watermark: number, distances: string): number[] {
  let id = watermark
  return (distances === "" ? [] : distances.split(",")).map((step) => {
    id += numberOf(step)
    return id
  })
}

const numberOf = (text = "") => Number.parseInt(text, 36)
