import type { DatabaseSync } from "node:sqlite"
import { parseJson } from "../parse-json.ts"
import { Problem } from "../problem.ts"
import { openSqlite } from "../sqlite.ts"
import { answering } from "../threads/answering.ts"
import { openPair, type Pair, pairHere } from "../threads/pair.ts"
import { readDirectoryChange, readRoster } from "./change.ts"
import { directoryWriter } from "./sqlite-change.ts"
import { type DirectoryReader, directoryReader } from "./sqlite-reader.ts"

type Options = { path: string; patience: number }

/** The threads of a directory's file; the one that writes starts with the first change. */
export function openThreads(options: Options, report?: (error: Error) => void): Pair<DirectoryReader, DirectoryWriter> {
  return openPair("directory", options, report)
}

/** The same without threads. */
export function openHere(database: DatabaseSync) {
  return pairHere(database, answering(directoryReader(database), toldOf), answering(writerOf(database), toldOf))
}

/** In the thread itself. */
export function openReader({ path, patience }: Options) {
  const database = openSqlite(path, patience)
  return { ...answering(directoryReader(database), toldOf), close: () => database.close() }
}

/** In the thread itself. */
export function openWriter({ path, patience }: Options) {
  const database = openSqlite(path, patience)
  return { ...answering(writerOf(database), toldOf), close: () => database.close() }
}

type DirectoryWriter = ReturnType<typeof writerOf>

/** What is sent as JSON text is read here as well: some megabytes of it hold up nobody but the next change. */
function writerOf(database: DatabaseSync) {
  const { apply, replaceRoster } = directoryWriter(database)
  return {
    apply,
    replaceRoster,
    applyText: (text: Uint8Array, options?: { dry?: boolean }) => apply(readDirectoryChange(parseJson(text)), options),
    replaceRosterByText: (course: number, text: Uint8Array, options?: { dry?: boolean }) =>
      replaceRoster(course, readRoster(parseJson(text)), options),
  }
}

/** Whatever goes wrong in a query, the storage has not answered. */
function toldOf(cause: unknown): Problem {
  return cause instanceof Problem ? cause : new Problem("unavailable", "The directory does not answer", { cause })
}
