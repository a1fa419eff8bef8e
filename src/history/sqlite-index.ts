import type { DatabaseSync, StatementSync } from "node:sqlite"
import { transact } from "../sqlite.ts"

/** Rows that are found without entries, by walking those of one educator: 50,000. From here on entries are made for them. */
export const MOST_FRESH = 50_000

/** How long one step should hold up other writes, in milliseconds, and the rows of the first one, of any and of each. */
const STEP = 15
const ROWS = { first: 500, least: 50, most: 5_000 }

/** A field of the file; a `cursor` says how far entries have been made of what was recorded before it was declared. */
type Kept = { id: number; definition: string | null; cursor: string | null }

/** Where a step goes on, in the order of its source: behind these values. */
type Place = number[]

/** The next rows without entries, and those of all that has some: by student, which never changes. */
const SOURCES = {
  fresh: {
    place: ["educator", "id"],
    start: [0, 0],
    sql: "SELECT educator, id FROM fresh WHERE id <= ?1 AND (educator, id) > (?3, ?4) ORDER BY 1, 2",
  },
  all: {
    place: ["educator", "value", "id"],
    start: [0, 0, 0],
    sql: `SELECT educator, value, id FROM entry
      WHERE field = 2 AND id <= ?1 AND (educator, value, id) > (?3, ?4, ?5) ORDER BY 1, 2, 3`,
  },
}
type Source = keyof typeof SOURCES

/**
 * Makes the entries by which an educator's rows are found. Rows are recorded without any: of many at once, in the order of educators, each
 * page of entries is written once, where each event alone would write one page for each educator and field. In the same order a field that is
 * newly declared comes to have entries of all that was recorded before.
 *
 * `step` makes some, in one short transaction, and answers whether there is more to do.
 */
export function indexer(database: DatabaseSync, mostFresh = MOST_FRESH) {
  const readFields = database.prepare("SELECT id, definition, cursor FROM field ORDER BY id")
  const readFresh = database.prepare("SELECT count(*) AS rows, max(id) AS newest FROM fresh")
  const readMerged = database.prepare("SELECT merged FROM store")
  // Another process may have come further meanwhile.
  const setMerged = database.prepare("UPDATE store SET merged = max(merged, ?)")
  const empty = database.prepare("DELETE FROM fresh WHERE id <= ?")
  const setCursor = database.prepare("UPDATE field SET cursor = ? WHERE id = ?")
  const drop = database.prepare("DELETE FROM field WHERE id = ?")
  const dropEntries = database.prepare(
    `DELETE FROM entry WHERE (field, educator, value, id) IN
      (SELECT field, educator, value, id FROM entry WHERE field = ? LIMIT ${ROWS.first})`,
  )
  const makers = { fresh: maker(database, "fresh"), all: maker(database, "all") }
  let rows = ROWS.first
  /** How far entries of these fields are being made for fresh rows. */
  let merging: { of: string; to: number; place: Place } | undefined

  /** Makes entries of the next rows of a source; answers behind which to go on, or nothing at its end. */
  function extend(
    source: Source,
    fields: readonly Kept[],
    to: number,
    from: Place,
    keep = (_: Place | undefined) => {},
  ) {
    const started = performance.now()
    const place = transact(database, () => {
      const place = makers[source](fields, to, rows, from)
      keep(place)
      return place
    })
    const pace = STEP / (performance.now() - started)
    rows = Math.round(Math.min(ROWS.most, Math.max(ROWS.least, rows * Math.min(2, pace))))
    return place
  }

  /** When all rows have their entries, they are fresh no more: of all fields, so one that another process declares amid it begins again. */
  function merge(fields: readonly Kept[]): boolean {
    const of = fields.map(({ id }) => id).join()
    if (merging?.of !== of) {
      merging = undefined
      const fresh = readFresh.get()
      if (Number(fresh?.rows) < mostFresh) return false
      merging = { of, to: Number(fresh?.newest), place: SOURCES.fresh.start }
    }
    const { to, place } = merging
    const next = extend("fresh", fields, to, place)
    if (next) merging.place = next
    else {
      transact(database, () => {
        empty.run(to)
        setMerged.run(to)
      })
      merging = undefined
    }
    return true
  }

  /** Fields that were declared together stay together. */
  function build(fields: readonly Kept[], cursor: string) {
    const from = JSON.parse(cursor) as Place
    const merged = Number(readMerged.get()?.merged)
    extend("all", fields, merged, from.length > 0 ? from : SOURCES.all.start, (place) => {
      for (const { id } of fields) setCursor.run(place ? JSON.stringify(place) : null, id)
    })
  }

  return {
    step(): boolean {
      const kept = readFields.all() as Kept[]
      const fields = kept.filter(({ definition }) => definition !== null)
      if (merge(fields)) return true
      const unfinished = fields.find(({ cursor }) => cursor !== null)?.cursor
      if (unfinished) {
        build(
          fields.filter(({ cursor }) => cursor === unfinished),
          unfinished,
        )
        return true
      }
      const left = kept.find(({ definition }) => definition === null)
      if (left && Number(dropEntries.run(left.id).changes) === 0) drop.run(left.id)
      return left !== undefined
    },
  }
}

/** Reads each row of a portion once for all fields, and makes entries of it field by field. What an earlier attempt has made is let be. */
function maker(database: DatabaseSync, source: Source) {
  const { sql, place } = SOURCES[source]
  const portion = `temp.portion_of_${source}`
  let made: { of: string; fill: StatementSync; last: StatementSync; empty: StatementSync; insert: StatementSync[] }

  function makeFor(fields: readonly Kept[]) {
    const values = fields.map(({ id }) => `value_${id}`)
    database.exec(`DROP TABLE IF EXISTS ${portion}; CREATE TABLE ${portion} (${[...place, ...values]})`)
    return {
      fill: database.prepare(`INSERT INTO ${portion} SELECT next.*, ${fields.map(({ definition }) => definition)}
        FROM (${sql} LIMIT ?2) AS next
        CROSS JOIN notification AS n ON n.id = next.id CROSS JOIN event AS e ON e.id = n.event`),
      last: database.prepare(`SELECT ${place} FROM ${portion} WHERE rowid = ?`),
      empty: database.prepare(`DELETE FROM ${portion}`),
      insert: fields.map(({ id }) =>
        database.prepare(`INSERT OR IGNORE INTO entry
          SELECT ${id}, educator, value_${id}, id FROM ${portion} WHERE value_${id} IS NOT NULL`),
      ),
    }
  }

  /** Answers behind which to go on, when there may be more. */
  return (fields: readonly Kept[], to: number, rows: number, from: Place): Place | undefined => {
    const of = fields.map(({ id }) => id).join()
    if (made?.of !== of) made = { of, ...makeFor(fields) }
    made.empty.run()
    const { changes } = made.fill.run(to, rows, ...from)
    for (const insert of made.insert) insert.run()
    return Number(changes) < rows ? undefined : (Object.values(made.last.get(rows) ?? {}) as Place)
  }
}
