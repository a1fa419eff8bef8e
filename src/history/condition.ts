/** The kinds of value that a filterable field can hold. A date is ISO 8601 text, compared as an instant. */
export const fieldTypes = ["number", "string", "boolean", "date"] as const
export type FieldType = (typeof fieldTypes)[number]

/** A field inside a notification's data that may be filtered on, for example `courseId` or `course.id`, and so is indexed. */
export type Field = { path: string; type: FieldType }

export type Operator = "eq" | "in" | "lt" | "lte" | "gt" | "gte"

/**
 * One comparison: values only, of the field's own type; `in` has one or more values, every other operator exactly one. Dates are
 * ISO 8601, UTC, milliseconds.
 *
 * Data that holds nothing there, or a value of another type, meets no condition: the number 1 is neither true nor "1". Text compares
 * by code points. A date in the data may be a day or have minutes, seconds, a fraction; without an offset such as +09:00 it is UTC.
 */
export type Condition = { field: Field; operator: Operator; values: readonly (string | number | boolean)[] }
