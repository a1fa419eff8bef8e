// Where each thread begins: it serves the one task that it was opened for.
import { workerData } from "node:worker_threads"
import { serveThread } from "./serve-thread.ts"
import type { Methods } from "./thread.ts"

/** What threads can be opened for, by name. Each imports what it needs when it is opened: no thread holds the code of another. */
const tasks: Record<string, (options: never) => Promise<Methods> | Methods> = {}

const { name, options } = (workerData as { task: { name: string; options: never } }).task

serveThread(() => {
  const open = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (!open) throw new Error(`There is no task "${name}"`)
  return open(options)
})
