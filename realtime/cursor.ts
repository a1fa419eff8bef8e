import { idAt } from "../src/id.ts"

/**
 * How long a record may take to become visible after its id was made, and how far two processes' clocks may differ, together: 10 s.
 * The watermark stays this far behind the present.
 */
export const OVERLAP = 10_000

/** More ids than anyone is told in `OVERLAP`; a longer cursor is not one of ours. */
const MOST_IDS = 2_000

/** What a socket has: everything up to the watermark was delivered or skipped for good, and so were the ids `above` it. */
export type Cursor = { watermark: number; above: ReadonlySet<number> }

/** A short string, `1.<watermark>.<distances>` in base 36, each id as its distance from the one before. */
export function encodeCursor({ watermark, above }: Cursor): string {
  let before = watermark
  const distances = [...above]
    .sort((a, b) => a - b)
    .map((id) => {
      const distance = id - before
      before = id
      return distance.toString(36)
    })
  return ["1", watermark.toString(36), distances.join(",")].join(".")
}

/** Undefined for whatever `encodeCursor` did not make. */
export function decodeCursor(text: unknown): Cursor | undefined {
  const [, start, rest] = typeof text === "string" ? (/^1\.([0-9a-z]{1,11})\.([0-9a-z,]*)$/.exec(text) ?? []) : []
  if (start === undefined || rest === undefined) return
  const watermark = Number.parseInt(start, 36)
  const distances = rest ? rest.split(",") : []
  if (!Number.isSafeInteger(watermark) || distances.length > MOST_IDS) return
  const above = new Set<number>()
  let id = watermark
  for (const distance of distances) {
    const step = Number.parseInt(distance, 36)
    id += step
    if (!(step > 0) || !Number.isSafeInteger(id)) return
    above.add(id)
  }
  return { watermark, above }
}

/** What one socket has been given so far. */
export type Progress = {
  /** True once for each id that the socket does not have yet. */
  admit(id: number): boolean
  /**
   * Where the socket is now. The watermark follows the present at a distance of `OVERLAP`, and never passes `doubtful`: the smallest
   * id that may still be delivered late.
   */
  cursor(doubtful?: number): string
}

export function progressFrom({ watermark: start, above: known }: Cursor, now: () => number = Date.now): Progress {
  let watermark = start
  const above = new Set(known)

  return {
    admit(id) {
      if (id <= watermark || above.has(id)) return false
      above.add(id)
      return true
    },
    cursor(doubtful = Number.POSITIVE_INFINITY) {
      watermark = Math.max(watermark, Math.min(idAt(now() - OVERLAP), doubtful - 1))
      for (const id of above) if (id <= watermark) above.delete(id)
      return encodeCursor({ watermark, above })
    },
  }
}
