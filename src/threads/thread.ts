import { Worker } from "node:worker_threads"
import { type Clock, monotonic } from "../clock.ts"
import { Problem } from "../problem.ts"
import { restore } from "./carried-error.ts"
import type { FromThread, ToThread } from "./messages.ts"

/**
 * What a thread does: methods whose arguments and answers can be cloned. One named `close` closes what the thread has opened; it is not to
 * be called.
 */
export type Methods = Record<string, (...asked: never[]) => unknown>

export type Thread<M extends Methods> = {
  /**
   * Answers what the method of that name does in the thread; calls begin in the order in which they are made. The first one starts the
   * thread. Rejects with what the method throws, or with why the thread could not open what it needs; with the problem `unavailable` when
   * the thread ends before it has answered (what became of the call is then unknown), when `MOST_WAITING` wait already, and after `close`.
   */
  call<N extends Exclude<keyof M & string, "close">>(
    name: N,
    ...asked: Parameters<M[N]>
  ): Promise<Awaited<ReturnType<M[N]>>>
  /**
   * Lets what was called be answered, has the thread close what it opened, and ends it; after `CLOSE_PATIENCE` by force, and then what SQLite
   * is doing at that moment may outlast it. Rejects when it took force, or when the thread could not close. Safe to call twice.
   */
  close(): Promise<void>
}

type Options = {
  /** Told of each thread that ended by itself. */
  report?(error: Error): void
  /** Starts it with `workerData.task`. */
  start?(task: unknown): Worker
  clock?: Clock
}

/** How many calls may wait at once. */
export const MOST_WAITING = 10_000

/** How long closing may take, in milliseconds: less than what opened.ts gives to each. */
export const CLOSE_PATIENCE = 1_500

/** How long after one has ended by itself the next may start, in milliseconds: twice as long each time, until one answers. Calls wait. */
const PAUSE = 100
const LONGEST_PAUSE = 5_000

/** Where scripts/build.mjs has put the entry, as seen from the executable's own place; elsewhere it is not defined. */
declare const THREADS_ENTRY: string
const ENTRY = new URL(typeof THREADS_ENTRY === "string" ? THREADS_ENTRY : "./main.ts", import.meta.url)

/** Starts threads that begin in this file. */
export function startAt(entry: URL) {
  return (task: unknown) => new Worker(entry, { workerData: { task } })
}

type Call = {
  message: ToThread
  resolve(answer: unknown): void
  reject(error: unknown): void
}

/**
 * A thread for a task of src/threads/main.ts. When it has ended by itself, the next call starts it again. It keeps the process alive only
 * while calls wait.
 */
export function openThread<M extends Methods>(
  task: unknown,
  { report = () => {}, start = startAt(ENTRY), clock = monotonic }: Options = {},
): Thread<M> {
  const calls = new Map<number, Call>()
  let made = 0
  let worker: Worker | undefined
  let failures = 0
  let notBefore = Number.NEGATIVE_INFINITY
  let cancelStart: (() => void) | undefined
  let closed: PromiseWithResolvers<void> | undefined
  let closing: Promise<void> | undefined

  function call(name: string, ...asked: unknown[]): Promise<unknown> {
    if (closing) return Promise.reject(unavailable("A database is closed."))
    if (calls.size >= MOST_WAITING) return Promise.reject(unavailable("Too many wait for a database; try again."))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const id = ++made
    calls.set(id, { message: { id, name, asked }, resolve, reject })
    if (worker) send(id, worker)
    else startInTime()
    return promise
  }

  function send(id: number, worker: Worker) {
    if (calls.size === 1) worker.ref()
    try {
      worker.postMessage(calls.get(id)?.message)
    } catch (error) {
      take(id)?.reject(error) // it cannot be cloned
    }
  }

  function take(id: number): Call | undefined {
    const call = calls.get(id)
    calls.delete(id)
    if (calls.size === 0) worker?.unref()
    return call
  }

  function startInTime() {
    const wait = notBefore - clock.now()
    if (wait <= 0) begin()
    else cancelStart ??= clock.after(wait, begin)
  }

  function begin() {
    cancelStart = undefined
    try {
      watch(start(task))
    } catch (cause) {
      endedByItself(cause)
    }
  }

  function watch(started: Worker) {
    worker = started
    let cause: unknown
    started.on("message", (message: FromThread) => worker === started && hear(message))
    started.on("error", (error) => {
      cause = error // answers may still come; its exit is the last that is heard
    })
    started.on("messageerror", (error) => {
      cause = error
      started.terminate()
    })
    started.on("exit", (code) => worker === started && endedByItself(cause ?? new Error(`Its exit code is ${code}`)))
    for (const id of [...calls.keys()]) send(id, started)
  }

  function hear(message: FromThread) {
    if ("failed" in message) {
      const last = worker
      gone(restore(message.failed))
      last?.terminate() // after it: Deno tells of the exit before this returns
      closed?.resolve() // nothing was opened
    } else if ("closed" in message) {
      if (message.error) closed?.reject(restore(message.error))
      else closed?.resolve()
    } else {
      failures = 0
      if (message.error) take(message.id)?.reject(restore(message.error))
      else take(message.id)?.resolve(message.answer)
    }
  }

  function endedByItself(cause: unknown) {
    const error = new Error("A thread ended by itself", { cause })
    gone(unavailable("A database does not answer; try again.", error))
    report(error)
    closed?.reject(error)
  }

  function gone(why: Error) {
    worker = undefined
    notBefore = clock.now() + Math.min(PAUSE * 2 ** failures, LONGEST_PAUSE)
    failures += 1
    for (const id of [...calls.keys()]) take(id)?.reject(why)
  }

  async function end() {
    cancelStart?.()
    const last = worker
    if (!last) return gone(unavailable("A database is closed."))
    closed = Promise.withResolvers<void>()
    const late = new Error(`A thread did not close within ${CLOSE_PATIENCE} ms and was ended by force`)
    const cancel = clock.after(CLOSE_PATIENCE, () => closed?.reject(late))
    let ended: Promise<unknown>
    try {
      last.postMessage({ close: true } satisfies ToThread) // the timer keeps the process alive meanwhile
      await closed.promise
    } finally {
      cancel()
      gone(unavailable("A database is closed."))
      ended = last.terminate()
    }
    await ended // not when it took force: what SQLite is doing outlasts that
  }

  return { call, close: () => (closing ??= end()) } as Thread<M>
}

function unavailable(detail: string, cause?: unknown): Problem {
  return new Problem("unavailable", detail, { retryAfter: 1, cause })
}
