import type { Condition, FieldType } from "../../src/history/condition.ts"
import type { Json, JsonObject } from "../../src/json.ts"

type Comparable = string | number | boolean

/** What a condition means, said in plain JavaScript, for drivers to be compared with. */
export function meets({ field, operator, values }: Condition, data: JsonObject): boolean {
  const held = comparable(valueAt(data, field.path), field.type)
  if (held === undefined) return false
  const order = values.map((value) => compare(held, comparable(value, field.type) ?? Number.NaN))
  if (operator === "in") return order.includes(0)
  const [first = Number.NaN] = order
  return { eq: first === 0, lt: first < 0, lte: first <= 0, gt: first > 0, gte: first >= 0 }[operator]
}

function valueAt(data: JsonObject, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((value, name) => {
    const isObject = value !== null && typeof value === "object" && !Array.isArray(value)
    return isObject && Object.hasOwn(value, name) ? value[name] : undefined
  }, data)
}

const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/

function comparable(value: Json | undefined, type: FieldType): Comparable | undefined {
  if (type !== "date") return typeof value === type ? (value as Comparable) : undefined
  if (typeof value !== "string" || !DATE.test(value)) return
  return Date.parse(/T[\d:.]+$/.test(value) ? `${value}Z` : value)
}

/** Text by code points, which is the order of its UTF-8 and not that of JavaScript's `<`. */
function compare(a: Comparable, b: Comparable): number {
  return typeof a === "string" ? Buffer.compare(Buffer.from(a), Buffer.from(String(b))) : Number(a) - Number(b)
}
