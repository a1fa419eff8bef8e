import type { DatabaseSync } from "node:sqlite"
import { parseJson } from "../parse-json.ts"
import { Problem } from "../problem.ts"
import { openSqlite } from "../sqlite.ts"
import { inThisThread } from "../threads/here.ts"
import { openThread, type Thread } from "../threads/thread.ts"
import { readDirectoryChange, readRoster } from "./change.ts"
import { directoryWriter } from "./sqlite-change.ts"
import { type DirectoryReader, directoryReader } from "./sqlite-reader.ts"

type Options = { path: string; patience: number }

/** Those who work on a directory's file. */
export type Workers = { read: Thread<DirectoryReader>; write: Thread<DirectoryWriter> }

/** One thread reads and one writes, which starts with the first change. `report` is told of one that ended by itself. */
export function openThreads(options: Options, report?: (error: Error) => void): Workers {
  const open = <M extends DirectoryReader | DirectoryWriter>(name: string) =>
    openThread<M>({ name, options }, report ? { report } : {})
  return { read: open("directory.read"), write: open("directory.write") }
}

/** Both here, over one connection. */
export function openHere(database: DatabaseSync, patience: number): Workers {
  const end = () => {
    if (database.isOpen) database.close()
  }
  return {
    read: inThisThread(answering(directoryReader(database)), end),
    write: inThisThread(answering(writerOf(database, patience)), end),
  }
}

/** In the thread itself. */
export function openReader({ path, patience }: Options) {
  const database = openSqlite(path, patience)
  return { ...answering(directoryReader(database)), close: () => database.close() }
}

/** In the thread itself. */
export function openWriter({ path, patience }: Options) {
  const database = openSqlite(path, patience)
  return { ...answering(writerOf(database, patience)), close: () => database.close() }
}

type DirectoryWriter = ReturnType<typeof writerOf>

/** What is sent as JSON text is read here as well: some megabytes of it hold up nobody but the next change. */
function writerOf(database: DatabaseSync, patience: number) {
  const { apply, replaceRoster } = directoryWriter(database, patience)
  return {
    apply,
    replaceRoster,
    applyText: async (text: Uint8Array, options?: { dry?: boolean }) =>
      apply(readDirectoryChange(parseJson(text)), options),
    replaceRosterByText: async (course: number, text: Uint8Array, options?: { dry?: boolean }) =>
      replaceRoster(course, readRoster(parseJson(text)), options),
  }
}

type Method = (...asked: never[]) => unknown

/** Whatever goes wrong in a query, the storage has not answered. */
function answering<M extends Record<keyof M, Method>>(methods: M): M {
  const answer =
    (method: Method) =>
    async (...asked: never[]) => {
      try {
        return await method(...asked)
      } catch (cause) {
        throw cause instanceof Problem ? cause : new Problem("unavailable", "The directory does not answer", { cause })
      }
    }
  return Object.fromEntries(Object.entries<Method>(methods).map(([name, method]) => [name, answer(method)])) as M
}
