import { inThisThread } from "../threads/here.ts"
import { openThread, type Thread } from "../threads/thread.ts"
import { answering } from "./sqlite-answer.ts"
import { attachFile, type openFile } from "./sqlite-file.ts"
import { type Reader, readerOf } from "./sqlite-reader.ts"
import { type Writer, writerOf } from "./sqlite-writer.ts"

/** Those who work on a history's file. */
export type Workers = { read: Thread<Reader>; write: Thread<Writer> }

type WriterOptions = { path: string; mostFresh?: number }

/** One thread reads and one writes: SQLite lets each go on beside the other. `report` is told of one that ended by itself. */
export function openThreads(options: WriterOptions, report?: (error: Error) => void): Workers {
  const open = <M extends Reader | Writer>(name: string, options: object) =>
    openThread<M>({ name, options }, report ? { report } : {})
  return { read: open("history.read", { path: options.path }), write: open("history.write", options) }
}

/** Both here, over one connection. */
export function openHere(database: ReturnType<typeof openFile>, mostFresh?: number): Workers {
  const end = () => {
    if (database.isOpen) database.close()
  }
  return {
    read: inThisThread(answering(readerOf(database)), end),
    write: inThisThread(answering(writerOf(database, mostFresh)), end),
  }
}

/** In the thread itself. */
export function openReader({ path }: { path: string }) {
  const database = attachFile(path, "read")
  return { ...answering(readerOf(database)), close: () => database.close() }
}

/** In the thread itself. */
export function openWriter({ path, mostFresh }: WriterOptions) {
  const database = attachFile(path, "write")
  return { ...answering(writerOf(database, mostFresh)), close: () => database.close() }
}
