import { distance, encodeCursor, MOST_IDS } from "./cursor.ts"

/** Where a notification stands in history. */
export type Place = { id: number; position: number }

/** What one socket has so far. Its watermark moves by a mark alone: never by a clock, nor by what is given. */
export type Progress = {
  /** The one rule: not given yet, and above the watermark. */
  lacks(place: Place): boolean
  give(place: Place): void
  /** Everything up to this position was given or skipped for good. */
  raise(mark: number): void
  /** The client's cursor, with what this process knows now. */
  cursor(known: number): string
  readonly watermark: number
  /** What was given above the watermark, by id. */
  readonly given: ReadonlyMap<number, number>
}

type Start = { store: string; educator: number; watermark: number; given?: Iterable<Place> }

export function progressFrom({ store, educator, watermark: start, given: already = [] }: Start): Progress {
  let watermark = start
  const given = new Map<number, number>()
  /** The ids as the cursor has them: each new one is added to it, so that ten thousand cursors cost ten thousand steps. */
  let ids = ""
  let last = watermark

  function add({ id, position }: Place) {
    if (position <= watermark || given.has(id)) return
    given.set(id, position)
    write(id)
  }

  function write(id: number) {
    ids += (ids && ",") + distance(last, id)
    last = id
  }

  for (const place of already) add(place)

  return {
    lacks: ({ id, position }) => position > watermark && !given.has(id),
    give: add,

    raise(mark) {
      if (mark <= watermark) return
      watermark = mark
      for (const [id, position] of given) if (position <= watermark) given.delete(id)
      ids = ""
      last = watermark
      for (const id of given.keys()) write(id)
    },

    cursor: (known) => encodeCursor({ store, educator, known, watermark }, given.size > MOST_IDS ? undefined : ids),
    get watermark() {
      return watermark
    },
    given,
  }
}
