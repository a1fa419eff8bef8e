import { type Field, type FieldType, fieldTypes } from "./condition.ts"

/** Names joined by dots, 64 characters at most: nothing that a query could take for more than a path. */
const PATH = /^(?=.{1,64}$)[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/

/** Each declared field is an index that every notification with such a value is written to: 32. */
export const MOST_FIELDS = 32

export function isFieldPath(path: string): boolean {
  return PATH.test(path)
}

/**
 * Reads the setting FILTERABLE, such as `room,score2:number,openedAt:date`, and adds it to the kinds' `own` fields. A type is one of
 * `fieldTypes`; left out, it is the field's own, else string. Tells `wrong` of every mistake.
 */
export function readFields(setting: string, own: readonly Field[], wrong: (mistake: string) => void): Field[] {
  const fields = new Map(own.map((field) => [field.path, field]))
  const items = setting.split(",").map((item) => item.trim())
  for (const item of items.filter(Boolean)) {
    const [path = "", ...rest] = item.split(":").map((part) => part.trim())
    const known = fields.get(path)?.type
    const type = rest.length > 0 ? rest.join(":") : (known ?? "string")
    if (!isFieldPath(path))
      wrong(`FILTERABLE: "${path}" must be names of letters, digits and "_", joined by dots, 64 characters at most.`)
    else if (!isFieldType(type)) wrong(`FILTERABLE: the type of ${path} must be one of ${fieldTypes.join(", ")}.`)
    else if (known && known !== type) wrong(`FILTERABLE: ${path} is declared as a ${known} already.`)
    else fields.set(path, { path, type })
  }
  if (fields.size > MOST_FIELDS)
    wrong(`FILTERABLE: there may be ${MOST_FIELDS} fields, with the kinds' own; these are ${fields.size}.`)
  return [...fields.values()]
}

function isFieldType(text: string): text is FieldType {
  return (fieldTypes as readonly string[]).includes(text)
}
