import { Problem } from "../problem.ts"

/** The cursor of the page that follows the notification `id`: opaque to clients, safe in a URL. `1.` is its version. */
export function encodePageCursor(id: number): string {
  return `1.${id.toString(36)}`
}

/** The id that `encodePageCursor` was given. Throws `cursor_invalid` for anything else than it made. */
export function decodePageCursor(cursor: string): number {
  const id = Number.parseInt(cursor.slice(2), 36)
  if (Number.isSafeInteger(id) && id > 0 && encodePageCursor(id) === cursor) return id
  throw new Problem(
    "cursor_invalid",
    "Use the cursor that the page before named as `next`, or none for the first page.",
  )
}
