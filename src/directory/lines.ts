import { z } from "zod"
import { issuesOf } from "../issues.ts"
import { type Line, linesOf } from "../lines.ts"
import { type CourseRoster, courseRoster, directoryChange } from "./change.ts"
import type { DirectoryChange, Roster } from "./directory.ts"

/** What a line of a file may be: a row of one part of a change, or all of one course's roster. */
export type Kind = keyof DirectoryChange | "rosters"

/** What is written in one transaction, which others wait for. */
export type Batch = { change: DirectoryChange } | { course: number; roster: Roster }

/** Rows in one batch, and characters of their lines: many enough that commits cost little, and few enough to be over in some 20 ms. */
const BATCH = { rows: 10_000, length: 10 * 1024 * 1024 }

/** Bytes of a line. */
const ROW = 1024 * 1024
const ROSTER = 10 * 1024 * 1024

const parts = Object.entries(directoryChange.shape).map(([part, list]) => [part, list.unwrap().element])
const schemas: Record<Kind, z.ZodType<object>> = { ...Object.fromEntries(parts), rosters: courseRoster }
const heading = z.strictObject({ kind: z.enum(Object.keys(schemas) as Kind[]) })

/** A row of a file, with the length of its line, or what is wrong with the line. */
export type Read = { number: number } & ({ kind: Kind; row: object; length: number } | { mistakes: readonly string[] })

/** Whether the first line that is not blank names a kind; else the file is something else. */
export function isByLines(chunks: Iterable<Uint8Array>): boolean {
  for (const line of linesOf(chunks, () => ROW)) if (!isBlank(line)) return isHeading(parse(line).value)
  return false
}

/** Reads a file in which rows, one on a line, follow a line that names their kind, `{"kind": ..}`. Rows of a misspelt one are passed over. */
export function* readRows(chunks: Iterable<Uint8Array>): Generator<Read> {
  let kind: Kind | undefined
  for (const line of linesOf(chunks, () => (kind && kind !== "rosters" ? ROW : ROSTER))) {
    if (isBlank(line)) continue
    const { number } = line
    const { value, mistake } = parse(line)
    if (mistake !== undefined) yield { number, mistakes: [mistake] }
    else if (isHeading(value)) {
      const { data, error } = heading.safeParse(value)
      kind = data?.kind
      if (error) yield { number, mistakes: mistakesIn(error) }
    } else if (kind) {
      const { data, error } = schemas[kind].safeParse(value)
      yield error
        ? { number, mistakes: mistakesIn(error) }
        : { number, kind, row: data, length: line.text?.length ?? 0 }
    }
  }
}

/** The same rows in the same order, together as they are to be written. */
export function* batchesOf(rows: Iterable<Extract<Read, { row: object }>>): Generator<Batch> {
  let kind: Kind | undefined
  let together: object[] = []
  let size = 0
  const batch = (): Batch => ({ change: { [String(kind)]: together } })
  for (const { kind: next, row, length } of rows) {
    const full = together.length === BATCH.rows || size + length > BATCH.length
    if (together.length > 0 && (next !== kind || full)) {
      yield batch()
      together = []
      size = 0
    }
    kind = next
    if (next === "rosters") yield rosterOf(row as CourseRoster)
    else {
      together.push(row)
      size += length
    }
  }
  if (together.length > 0) yield batch()
}

function rosterOf({ course, ...roster }: CourseRoster): Batch {
  return { course, roster }
}

function isBlank({ text }: Line): boolean {
  return text?.trim() === ""
}

/** No row has a member of this name. */
function isHeading(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "kind")
}

function parse({ text, flaw }: Line): { value?: unknown; mistake?: string } {
  if (text === undefined) return { mistake: flaw }
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { mistake: `is not JSON: ${(error as SyntaxError).message}` }
  }
}

function mistakesIn(error: z.ZodError): string[] {
  return issuesOf(error).map(({ pointer, detail }) => `${pointer}: ${detail}`)
}
