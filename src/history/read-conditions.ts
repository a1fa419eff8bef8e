import { z } from "zod"
import { Problem } from "../problem.ts"
import type { Condition, Field, FieldType, Operator } from "./condition.ts"

/** Conditions in one query, values of one `[in]`, and characters of one value. */
const MOST_CONDITIONS = 10
const MOST_VALUES = 100
const LONGEST_VALUE = 256

/** All that a name can say: the path is compared with the declared ones, the operator is one of these. */
const NAME = /^data\.([A-Za-z_][\w.]*)(?:\[(in|lt|lte|gt|gte)\])?$/

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i
const isoDate = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })])

type Value = string | number | boolean
type Reading = { what: string; read(text: string): Value | undefined }

const readings: Record<FieldType, Reading> = {
  string: { what: "text", read: (text) => text },
  number: { what: "a number", read: readNumber },
  boolean: { what: "true or false", read: readBoolean },
  date: { what: "an ISO 8601 date such as 2026-11-22 or 2026-11-22T14:30:00+09:00", read: readDate },
}

/**
 * Reads the conditions out of a URL's query: `data.courseId=7`, `data.score[lt]=60`, also `[lte]`, `[gt]`, `[gte]`, and
 * `data.courseId[in]=1,2,3`, whose values may also be spread over repetitions. All other parameters are left alone. Values are read by
 * the field's type; a value of `[in]` cannot hold a comma. Throws `field_not_filterable` or `query_invalid`.
 */
export function readConditions(parameters: URLSearchParams, fields: readonly Field[]): Condition[] {
  const names = [...new Set(parameters.keys())].filter((name) => /^data\b/.test(name))
  if (names.length > MOST_CONDITIONS) throw invalid(`There may be ${MOST_CONDITIONS} conditions on data.`)
  return names.map((name) => readCondition(name, parameters.getAll(name), fields))
}

function readCondition(name: string, given: readonly string[], fields: readonly Field[]): Condition {
  const [, path, comparison] = NAME.exec(name) ?? []
  const operator = (comparison ?? "eq") as Operator
  if (path === undefined)
    throw invalid(`"${name.slice(0, 80)}" must be data.<field>, or that with [in], [lt], [lte], [gt] or [gte].`)
  const field = fields.find((field) => field.path === path) ?? notFilterable(path, fields)
  const texts = operator === "in" ? given.flatMap((list) => list.split(",")) : given
  if (operator !== "in" && texts.length > 1) throw invalid(`${name} is given twice; use data.${path}[in].`)
  if (texts.length > MOST_VALUES) throw invalid(`${name} may have ${MOST_VALUES} values.`)
  if (field.type === "boolean" && operator !== "eq" && operator !== "in")
    throw invalid(`${name}: data.${path} is true or false, which has no order.`)
  return { field, operator, values: texts.map((text) => readValue(name, text, field.type)) }
}

function readValue(name: string, text: string, type: FieldType): Value {
  const { what, read } = readings[type]
  const value = text.length > LONGEST_VALUE ? undefined : read(text)
  if (value === undefined) throw invalid(`${name} must be ${what}, ${LONGEST_VALUE} characters at most.`)
  return value
}

function readNumber(text: string): number | undefined {
  const number = JSON_NUMBER.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

function readBoolean(text: string): boolean | undefined {
  return text === "true" || text === "false" ? text === "true" : undefined
}

function readDate(text: string): string | undefined {
  // A "+" that was not percent-encoded has become a space.
  const date = text.replace(/ (\d\d:\d\d)$/, "+$1")
  if (!isoDate.safeParse(date).success) return
  const isLocal = /T[\d:.]+$/.test(date)
  return new Date(isLocal ? `${date}Z` : date).toISOString()
}

function notFilterable(path: string, fields: readonly Field[]): never {
  const filterable = fields.map((field) => `data.${field.path}`)
  const detail = `data.${path.slice(0, 64)} cannot be filtered on; these can: ${filterable.join(", ") || "none"}.`
  throw new Problem("field_not_filterable", detail, { more: { filterable } })
}

function invalid(detail: string): Problem {
  return new Problem("query_invalid", detail)
}
