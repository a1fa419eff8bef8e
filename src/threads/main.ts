// Where each thread begins: it serves the one task that it was opened for.
import { workerData } from "node:worker_threads"
import { serveThread } from "./serve-thread.ts"
import type { Methods } from "./thread.ts"

/** What threads can be opened for, by name. Each imports what it needs when it is opened: no thread holds the code of another. */
const tasks: Record<string, (options: never) => Promise<Methods> | Methods> = {
  "directory.read": async (options) => (await import("../directory/sqlite-threads.ts")).openReader(options),
  "directory.write": async (options) => (await import("../directory/sqlite-threads.ts")).openWriter(options),
  "history.read": async (options) => (await import("../history/sqlite-threads.ts")).openReader(options),
  "history.write": async (options) => (await import("../history/sqlite-threads.ts")).openWriter(options),
}

const { name, options } = (workerData as { task: { name: string; options: never } }).task

serveThread(() => {
  const open = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (!open) throw new Error(`There is no task "${name}"`)
  return open(options)
})
