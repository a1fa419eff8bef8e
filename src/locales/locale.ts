import type { DataOf, RowsOf } from "../kinds/kind.ts"
import type { AnyKind } from "../kinds/kinds.ts"

/** What a text may tell of. A student without a name is one that the directory does not know, or not in time. */
export type Told<K> = {
  student: { id: number; name?: string }
  data: DataOf<K>
  rows: RowsOf<K>
  /** An instant, ISO 8601, as the educator reads it. */
  when(instant: string): string
}

export type Text<K> = { title: string; body(told: Told<K>): string }

/** Every text in one language. */
export type Locale = {
  kinds: { [K in AnyKind as K["type"]]: Text<K> }
  /** For types that are not registered, and for data that does not fit its kind. */
  other: { title: string; body(told: Pick<Told<AnyKind>, "student"> & { type: string }): string }
}

/** The beginning of what somebody wrote, on one line: 80 characters at most. */
export function excerpt(text: string): string {
  const characters = [...text.trim().replace(/\s+/g, " ")]
  return characters.length > 80 ? `${characters.slice(0, 79).join("").trimEnd()}…` : characters.join("")
}
