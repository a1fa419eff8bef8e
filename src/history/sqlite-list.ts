import type { DatabaseSync, StatementSync } from "node:sqlite"
import { setImmediate as nextTurn } from "node:timers/promises"
import { LRUCache } from "lru-cache"
import { Problem } from "../problem.ts"
import type { Query } from "./inbox.ts"
import { type Comparison, type Term, termsOf, UNREAD, type Value } from "./sqlite-fields.ts"
import { meeting, type Row } from "./sqlite-query.ts"

/** Rows that one step looks at, so that a list over everything takes turns with others: 1,000. The first step looks at as many as are asked for. */
const STEP = 1_000

/** Statements that are kept, of one combination of filters each. */
const STATEMENTS = 200

/** What leads to rows: the entries of one field, or of an educator's whole history. `few`: fewer than one step looks at. */
type Lead = { field: number; term?: Term; few: boolean }

/** What leads to a row by its value. */
type Entry = { value: Value; id: number }

/** What there is to walk: ids below this one, oldest last. */
type Walk = (below: number, limit: number) => number[]

const FRESH = "SELECT id FROM fresh WHERE educator = ? AND id < ? ORDER BY id DESC LIMIT ?"
const OF_ONE = `SELECT id FROM (
  SELECT id FROM entry WHERE field = ? AND educator = ? AND value = ? AND id < ? ORDER BY id DESC LIMIT ?)`

/**
 * Lists. The term with the fewest entries leads, as far as that can be known by counting to the number of one step; all terms are then
 * looked at in the rows. It works in steps, between which others have their turn.
 */
export function lister(database: DatabaseSync) {
  const statements = new LRUCache<string, StatementSync>({ max: STATEMENTS })
  const readFields = database.prepare("SELECT id, definition, cursor FROM field")

  function prepared(sql: string): StatementSync {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  const idsOf = (sql: string, ...values: Value[]) =>
    prepared(sql)
      .all(...values)
      .map(({ id }) => Number(id))

  function leadOf(educator: number, terms: readonly Term[]): Lead {
    const known = new Map(readFields.all().map((row) => [row.definition, row]))
    const leads = terms.flatMap((term): Lead[] => {
      const { id, cursor } = known.get(term.definition) ?? {}
      if (id === undefined) throw new Error(`The field of ${term.name} is not declared`)
      if (cursor !== null) return []
      const field = Number(id)
      const most = terms.length > 1 ? count(educator, field, term) : STEP
      return [{ field, term, few: most < STEP }]
    })
    const lead = leads.find(({ few }) => few) ?? leads[0]
    const missing = terms.find(({ definition }) => !leads.some(({ term }) => term?.definition === definition))
    if (missing && !lead?.few) throw unfinished(missing)
    return lead ?? { field: Number(known.get(UNREAD)?.id), few: false }
  }

  /** How many entries meet a term, as far as one step. */
  function count(educator: number, field: number, { comparisons }: Term): number {
    const sql = `SELECT count(*) AS entries FROM (SELECT 1 FROM entry WHERE ${having(comparisons)} LIMIT ${STEP})`
    return Number(prepared(sql).get(field, educator, ...valuesOf(comparisons))?.entries)
  }

  /** Entries of one value lie in order of id, and those of an educator's whole history are merged of what is read and what is not. */
  const inOrder =
    (educator: number, { field, term }: Lead): Walk =>
    (below, limit) => {
      const values = term?.among ?? [0, 1]
      const parts = values.flatMap((value) => [field, educator, value, below, limit])
      return idsOf(`${values.map(() => OF_ONE).join(" UNION ALL ")} ORDER BY id DESC LIMIT ?`, ...parts, limit)
    }

  /** Of several values, or a range, all ids are collected first, since they lie in order of value. */
  async function collected(educator: number, { field, term }: Lead, before: number): Promise<number[]> {
    const { comparisons, among } = term as Term
    const ids: number[] = []
    const parts = among?.map((value) => [{ sql: "= ?", values: [value] }]) ?? [comparisons]
    for (const part of parts)
      for (let last: Entry | undefined; ; await nextTurn()) {
        const compared = last ? beyond(last, part) : part
        const sql = `SELECT value, id FROM entry WHERE ${having(compared)} ORDER BY value, id LIMIT ${STEP}`
        const found = prepared(sql).all(field, educator, ...valuesOf(compared)) as Entry[]
        for (const { id } of found) if (id < before) ids.push(id)
        if (found.length < STEP) break
        last = found.at(-1)
      }
    return ids.sort((a, b) => b - a)
  }

  return async (query: Query): Promise<Row[]> => {
    const { educator, before = Number.MAX_SAFE_INTEGER, limit } = query
    const terms = termsOf(query)
    const compared = valuesOf(terms.flatMap(({ comparisons }) => comparisons))
    const lead = leadOf(educator, terms)
    const meets = prepared(meeting(terms))
    const rows: Row[] = []

    /** Takes what meets the terms, until there is enough of it or nothing left; answers below which id nothing was looked at. */
    async function take(walk: Walk, before: number): Promise<number> {
      let below = before
      for (let size = limit; rows.length < limit; size = Math.min(STEP, size * 4)) {
        const ids = walk(below, size)
        const met = meets.all(JSON.stringify(ids), educator, ...compared, limit - rows.length) as Row[]
        rows.push(...met.map((row) => ({ ...row })))
        below = ids.at(-1) ?? below
        if (ids.length < size) break
        await nextTurn()
      }
      return below
    }

    // What no entry leads to yet is newer than all to which one does. What gets its entries meanwhile is found below, too.
    const older = await take((below, most) => idsOf(FRESH, educator, below, most), before)
    if (rows.length === limit) return rows
    const isInOrder = lead.term === undefined || lead.term.among?.length === 1
    await take(isInOrder ? inOrder(educator, lead) : walkOf(await collected(educator, lead, older)), older)
    return rows
  }
}

/** Through ids that are known, newest first. */
function walkOf(ids: readonly number[]): Walk {
  let next = 0
  return (_, limit) => {
    next += limit
    return ids.slice(next - limit, next)
  }
}

/** Comparisons of a field's entries. */
function having(comparisons: readonly Comparison[]): string {
  return [
    "field = ? AND educator = ?",
    ...comparisons.map(({ sql }) => (sql.startsWith("(") ? sql : `value ${sql}`)),
  ].join(" AND ")
}

/** What goes on behind an entry: a lower bound is met, and would make SQLite begin at the beginning again. */
function beyond({ value, id }: Entry, comparisons: readonly Comparison[]): Comparison[] {
  const upper = comparisons.filter(({ sql }) => !sql.startsWith(">"))
  return [{ sql: "(value, id) > (?, ?)", values: [value, id] }, ...upper]
}

const valuesOf = (comparisons: readonly Comparison[]) => comparisons.flatMap(({ values }) => values)

function unfinished({ name }: Term): Problem {
  return new Problem(
    "index_unfinished",
    `${name} cannot be filtered on yet, because its index is still being built; ask again in a moment. Everything else is answered.`,
    { retryAfter: 5 },
  )
}
