import type { DatabaseSync } from "node:sqlite"
import { answering } from "../threads/answering.ts"
import { openPair, type Pair, pairHere } from "../threads/pair.ts"
import { toldOf } from "./sqlite-answer.ts"
import { attachFile } from "./sqlite-file.ts"
import { type Reader, readerOf } from "./sqlite-reader.ts"
import { type Writer, writerOf } from "./sqlite-writer.ts"

type Options = { path: string; mostFresh?: number }

/** The threads of a history's file. */
export function openThreads(options: Options, report?: (error: Error) => void): Pair<Reader, Writer> {
  return openPair("history", options, report)
}

/** The same without threads. */
export function openHere(database: DatabaseSync, mostFresh?: number) {
  return pairHere(database, answering(readerOf(database), toldOf), answering(writerOf(database, mostFresh), toldOf))
}

/** In the thread itself. */
export function openReader({ path }: Options) {
  const database = attachFile(path, "read")
  return { ...answering(readerOf(database), toldOf), close: () => database.close() }
}

/** In the thread itself. */
export function openWriter({ path, mostFresh }: Options) {
  const database = attachFile(path, "write")
  return { ...answering(writerOf(database, mostFresh), toldOf), close: () => database.close() }
}
