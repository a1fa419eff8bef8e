// A thread that does what tests need of one. Its task says how it opens: not at all, slowly, or so that closing fails.
import { setImmediate as nextTurn } from "node:timers/promises"
import { threadId, workerData } from "node:worker_threads"
import { Problem } from "../../src/problem.ts"
import { StartError } from "../../src/start-error.ts"
import { carry } from "../../src/threads/carried-error.ts"
import { serveThread } from "../../src/threads/serve-thread.ts"

export type Task = {
  fails?: "to open" | "to close" | "to load"
  slowly?: boolean
  /** Shared: one is added when what the thread opened is closed. */
  closed?: Int32Array
}

const { task = {} } = workerData as { task?: Task }
if (task.fails === "to load") throw new Error("nothing loads")

const methods = {
  echo: (value: unknown) => value,
  thread: () => threadId,
  never: () => new Promise<never>(() => {}),
  forever() {
    for (;;);
  },
  exit: (code: number) => process.exit(code),
  throwLater: () =>
    new Promise<never>(() => {
      setTimeout(() => {
        throw new TypeError("uncaught")
      })
    }),
  rejectLater: () => {
    Promise.reject(new Error("unhandled"))
    return new Promise<never>(() => {})
  },
  notCloneable: () => () => {},
  throw(kind: keyof typeof errors) {
    throw errors[kind]()
  },
  outcome: () => ({ status: "failed", error: carry(errors.busy()) }),
  /** Works for a moment in each step, and answers how many others were called between. */
  async steps(count: number) {
    const before = between
    for (let step = 0; step < count; step++) {
      const end = performance.now() + 2
      while (performance.now() < end);
      await nextTurn()
    }
    return between - before
  },
  meanwhile: () => ++between,
  close() {
    if (task.fails === "to close") throw new Error("it cannot be closed")
    if (task.closed) Atomics.add(task.closed, 0, 1)
  },
}
let between = 0

const errors = {
  problem: () =>
    new Problem("cursor_invalid", "Begin again.", { more: { at: [1] }, retryAfter: 7, cause: errors.busy() }),
  start: () => new StartError("Free the port.", { cause: errors.plain() }),
  busy: () => Object.assign(new Error("database is locked"), { code: "ERR_SQLITE_ERROR", errcode: 517 }),
  plain: () => new RangeError("too far"),
  nothing: () => undefined,
  circle: () => {
    const error = new Error("round and round")
    error.cause = error
    return error
  },
}

export type TestMethods = typeof methods

serveThread(async () => {
  if (task.slowly) await nextTurn()
  if (task.fails === "to open") throw new StartError("The file is of a later version.")
  return methods
})
