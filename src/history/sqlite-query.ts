import type { Notification } from "../notification.ts"
import type { Condition, Field, FieldType, Operator } from "./condition.ts"
import { isFieldPath } from "./fields.ts"
import type { Query } from "./inbox.ts"

type Value = string | number
/** A part of a WHERE clause, the values of its parameters, and the index that finds it. */
type Term = { sql: string; values: readonly Value[]; index: string }

export const COLUMNS =
  "id, id AS position, educator, student, source, event_id AS eventId, type, occurred_at AS occurredAt, reason, read_at AS readAt, data"

/** The rows of a JSON array of ids, oldest first. */
export const READ = `SELECT ${COLUMNS} FROM notification WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`

export function toNotification(row: Record<string, unknown>): Notification {
  return { ...(row as Notification), data: JSON.parse(String(row.data)) }
}

/**
 * The field's value as SQL, NULL when the data holds another type there. Dates are seconds, since texts with different offsets do not
 * compare; only what looks like a date is read as one, because "now" is one too, and an index must not depend on the time.
 */
const expressions: Record<FieldType, (json: string) => string> = {
  number: (json) => `CASE WHEN json_type(${json}) IN ('integer', 'real') THEN json_extract(${json}) END`,
  string: (json) => `CASE json_type(${json}) WHEN 'text' THEN json_extract(${json}) END`,
  boolean: (json) => `CASE json_type(${json}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END`,
  date: (json) =>
    `CASE WHEN json_extract(${json}) GLOB '????-??-??*' THEN unixepoch(json_extract(${json}), 'subsec') END`,
}

const comparisons = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const

/** The only place where a path becomes part of a statement. */
function expression({ path, type }: Field): string {
  if (!isFieldPath(path)) throw new Error(`"${path}" cannot be a field's path`)
  return expressions[type](`data, '$.${path}'`)
}

/** A field's index. Names of indexes know no case, paths do: the mark before each capital keeps them apart. */
export function fieldIndex(field: Field): { name: string; sql: string } {
  const name = `data.${field.path.replace(/[A-Z]/g, "^$&")}:${field.type}`
  const value = expression(field)
  return { name, sql: `CREATE INDEX "${name}" ON notification (educator, ${value}) WHERE ${value} IS NOT NULL` }
}

/**
 * The statement that lists, newest first. Its inner part finds ids, mostly from the index alone, so that a range over many rows sorts
 * numbers and not whole rows. The index is named because SQLite, without statistics, would take a walk over everything for a range.
 */
export function listQuery(query: Query): { sql: string; values: Value[] } {
  const { educator, before = Number.MAX_SAFE_INTEGER, limit } = query
  const terms = termsOf(query)
  const where = ["educator = ?", "id < ?", ...terms.map(({ sql }) => sql)].join(" AND ")
  const index = terms[0]?.index ?? "by_educator"
  return {
    sql: `SELECT ${COLUMNS} FROM notification WHERE id IN (
      SELECT id FROM notification INDEXED BY "${index}" WHERE ${where} ORDER BY id DESC LIMIT ?
    ) ORDER BY id DESC`,
    values: [educator, before, ...terms.flatMap(({ values }) => values), limit],
  }
}

/** The narrowest first, as far as one can know: a student, what is unread, one value of a field, several, a type, a range. */
function termsOf({ student, type, unread, conditions = [] }: Query): Term[] {
  const on = (...operators: Operator[]) =>
    conditions.filter(({ operator }) => operators.includes(operator)).map(conditionTerm)
  const column = (name: string, value: Value | undefined) =>
    value === undefined ? [] : [{ sql: `${name} = ?`, values: [value], index: `by_${name}` }]
  return [
    ...column("student", student),
    ...(unread === true ? column("unread", 1) : []),
    ...on("eq"),
    ...on("in"),
    ...column("type", type),
    ...on("lt", "lte", "gt", "gte"),
    ...(unread === false ? column("unread", 0) : []),
  ]
}

function conditionTerm({ field, operator, values }: Condition): Term {
  const comparison = operator === "in" ? `IN (${values.map(() => "?")})` : `${comparisons[operator]} ?`
  return {
    sql: `${expression(field)} ${comparison}`,
    values: values.map((value) => toColumn(value, field.type)),
    index: fieldIndex(field).name,
  }
}

function toColumn(value: string | number | boolean, type: FieldType): Value {
  if (type === "date") return Date.parse(String(value)) / 1000
  return typeof value === "boolean" ? Number(value) : value
}
