import type { DatabaseSync } from "node:sqlite"
import { inThisThread } from "./here.ts"
import { type Methods, openThread, type Thread } from "./thread.ts"

/** Those who work on a file: SQLite lets one read while the other writes. */
export type Pair<R extends Methods, W extends Methods> = { read: Thread<R>; write: Thread<W> }

type Options = { path: string }

/** A thread for each, of the tasks `<name>.read` and `<name>.write`. `report` is told of one that ended by itself. */
export function openPair<R extends Methods, W extends Methods>(
  name: string,
  options: Options,
  report?: (error: Error) => void,
): Pair<R, W> {
  const open = <M extends Methods>(task: string) =>
    openThread<M>({ name: `${name}.${task}`, options }, report ? { report } : {})
  return { read: open<R>("read"), write: open<W>("write") }
}

/** Both in this thread, over one connection. */
export function pairHere<R extends Methods, W extends Methods>(database: DatabaseSync, read: R, write: W): Pair<R, W> {
  const end = () => {
    if (database.isOpen) database.close()
  }
  return { read: inThisThread(read, end), write: inThisThread(write, end) }
}
