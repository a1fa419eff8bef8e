import type { Condition, Field, FieldType } from "./condition.ts"
import { isFieldPath } from "./fields.ts"
import type { Query } from "./inbox.ts"

export type Value = string | number

/**
 * The field's value as SQL, NULL when the data holds another type there. Dates are seconds, since texts with different offsets do not
 * compare; only what looks like a date is read as one, because "now" is one too, and an entry must not depend on the time.
 */
const expressions: Record<FieldType, (json: string) => string> = {
  number: (json) => `CASE WHEN json_type(${json}) IN ('integer', 'real') THEN json_extract(${json}) END`,
  string: (json) => `CASE json_type(${json}) WHEN 'text' THEN json_extract(${json}) END`,
  boolean: (json) => `CASE json_type(${json}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END`,
  date: (json) =>
    `CASE WHEN json_extract(${json}) GLOB '????-??-??*' THEN unixepoch(json_extract(${json}), 'subsec') END`,
}

/** What is found by value: an expression over a notification `n` and its event `e`, by which a field is known in the file. */
export const UNREAD = "n.read_at IS NULL"
const STUDENT = "e.student"
const TYPE = "e.type"

/** The only place where a path becomes part of a statement. */
export function definitionOf({ path, type }: Field): string {
  if (!isFieldPath(path)) throw new Error(`"${path}" cannot be a field's path`)
  return expressions[type](`e.data, '$.${path}'`)
}

/** Everything that is found by value where these are the declared fields. */
export function definitionsOf(fields: readonly Field[]): string[] {
  return [UNREAD, STUDENT, TYPE, ...fields.map(definitionOf)]
}

const comparisons = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const

/** One comparison, to be written behind what is compared. */
export type Comparison = { sql: string; values: readonly Value[] }

/** What one field must meet: all of the comparisons. `among`: the only values that can. */
export type Term = {
  definition: string
  /** What a query calls it. */
  name: string
  comparisons: readonly Comparison[]
  among?: readonly Value[]
}

/**
 * A term for each field that a query names. First those that allow one value, whose entries lie in order of id: the narrower, as far as one
 * can know, before the others.
 */
export function termsOf({ student, type, unread, conditions = [] }: Query): Term[] {
  const given = (definition: string, name: string, value: Value | undefined): Term[] =>
    value === undefined ? [] : [{ definition, name, comparisons: [{ sql: "= ?", values: [value] }], among: [value] }]
  const byField = Map.groupBy(conditions, ({ field }) => definitionOf(field))
  const onData = [...byField].map(([definition, on]) => termOn(definition, on))
  const isOne = ({ among }: Term) => among?.length === 1
  return [
    ...given(STUDENT, "student", student),
    ...onData.filter(isOne),
    ...given(TYPE, "type", type),
    ...given(UNREAD, "unread", unread === undefined ? undefined : Number(unread)),
    ...onData.filter((term) => !isOne(term)),
  ]
}

function termOn(definition: string, conditions: readonly Condition[]): Term {
  const [{ field }] = conditions as [Condition]
  const compared = conditions.map(({ operator, values }) => ({
    operator,
    sql: operator === "in" ? `IN (${values.map(() => "?")})` : `${comparisons[operator]} ?`,
    values: values.map((value) => toColumn(value, field.type)),
  }))
  const among = compared.find(({ operator }) => operator === "eq") ?? compared.find(({ operator }) => operator === "in")
  return {
    definition,
    name: `data.${field.path}`,
    comparisons: compared,
    ...(among && { among: [...new Set(among.values)] }),
  }
}

function toColumn(value: string | number | boolean, type: FieldType): Value {
  if (type === "date") return Date.parse(String(value)) / 1000
  return typeof value === "boolean" ? Number(value) : value
}
