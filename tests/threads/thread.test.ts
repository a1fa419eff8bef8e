import { afterEach, describe, expect, test } from "bun:test"
import type { Worker } from "node:worker_threads"
import { Problem } from "../../src/problem.ts"
import { isBusy } from "../../src/sqlite.ts"
import { StartError } from "../../src/start-error.ts"
import { type Carried, restore } from "../../src/threads/carried-error.ts"
import { CLOSE_PATIENCE, MOST_WAITING, openThread, startAt, type Thread } from "../../src/threads/thread.ts"
import { fakeClock } from "../fake-clock.ts"
import { until } from "../until.ts"
import type { Task, TestMethods } from "./entry.ts"

const start = startAt(new URL("./entry.ts", import.meta.url))
const unavailable = { code: "unavailable", retryAfter: 1 }

const opened: Thread<TestMethods>[] = []
afterEach(async () => {
  for (const thread of opened.splice(0)) await thread.close().catch(() => {})
})

/** A thread whose workers and reports are listed; after the test it is closed. */
function open(task: Task = {}, clock?: ReturnType<typeof fakeClock>) {
  const workers: Worker[] = []
  const reports: Error[] = []
  const thread = openThread<TestMethods>(task, {
    start: (task) => {
      const worker = start(task)
      workers.push(worker)
      return worker
    },
    report: (error) => void reports.push(error),
    ...(clock && { clock }),
  })
  opened.push(thread)
  return { ...thread, workers, reports }
}

const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error) => error,
  )

describe("calls", () => {
  test("begin in the order in which they are made, also while the thread is still opening what it needs", async () => {
    const { call, workers } = open({ slowly: true })
    const numbers = Array.from({ length: 1_000 }, (_, index) => index)
    expect(await Promise.all(numbers.map(() => call("meanwhile")))).toEqual(numbers.map((index) => index + 1))
    expect(workers).toHaveLength(1)
  })

  test("of one that works in steps let those after it begin and be answered between", async () => {
    const { call } = open()
    const answered: string[] = []
    const steps = call("steps", 10).finally(() => answered.push("steps"))
    const others = [call("meanwhile"), call("meanwhile")].map((one) => one.finally(() => answered.push("meanwhile")))
    await Promise.all(others)
    expect(await steps).toBe(2)
    expect(answered).toEqual(["meanwhile", "meanwhile", "steps"])
  })

  test("whose arguments or answer cannot be cloned fail alone", async () => {
    const { call } = open()
    const calls = [call("echo", 1), call("echo", () => {}), call("notCloneable"), call("echo", 2)]
    const [first, argument, answer, last] = await Promise.allSettled(calls)
    expect([first, last]).toMatchObject([{ value: 1 }, { value: 2 }])
    for (const one of [argument, answer])
      expect(one).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("clone") } })
  })

  test("are refused while too many wait, and taken again when those are answered", async () => {
    const { call, workers } = open()
    const waiting = Array.from({ length: MOST_WAITING }, (_, index) => call("echo", index))
    expect(await errorOf(call("echo", 0))).toMatchObject(unavailable)
    expect(await Promise.all(waiting)).toHaveLength(MOST_WAITING)
    expect(await call("echo", "again")).toBe("again")
    expect(workers).toHaveLength(1)
  })

  test("of a method that there is not fail by its name", async () => {
    const { call } = open()
    for (const name of ["absent", "toString", "__proto__"])
      expect(await errorOf(call(name as "echo", 1))).toMatchObject({ message: `The thread has no method ${name}` })
  })
})

describe("an error", () => {
  const thrown = (kind: Parameters<TestMethods["throw"]>[0]) => errorOf(open().call("throw", kind))

  test("that is a problem arrives as that, with all that it says and its cause", async () => {
    const error = await thrown("problem")
    expect(error).toBeInstanceOf(Problem)
    expect(error).toMatchObject({ code: "cursor_invalid", status: 400, retryAfter: 7, more: { at: [1] } })
    expect(error).toMatchObject({ message: "Begin again.", cause: { errcode: 517 } })
  })

  test("that says why something cannot start arrives as that", async () => {
    const error = await thrown("start")
    expect(error).toBeInstanceOf(StartError)
    expect(error).toMatchObject({ message: "Free the port.", cause: { name: "RangeError", message: "too far" } })
  })

  test("of SQLite keeps its codes, and where it was thrown", async () => {
    const error = await thrown("busy")
    expect(error).toMatchObject({ message: "database is locked", code: "ERR_SQLITE_ERROR", errcode: 517 })
    expect(isBusy(error)).toBe(true)
    expect((error as Error).stack).toContain("entry.ts")
  })

  test("of any other kind arrives as an error without codes", async () => {
    const error = await thrown("plain")
    expect(error).toMatchObject({ name: "RangeError", message: "too far" })
    expect(Object.keys(error as Error)).not.toContain("errcode")
    expect(await thrown("nothing")).toMatchObject({ message: "undefined" })
  })

  test("that causes itself arrives all the same", async () => {
    expect(await thrown("circle")).toMatchObject({ message: "round and round", cause: { message: "round and round" } })
  })

  test("inside an answer is carried by the method, and restored by who asked", async () => {
    const { error } = (await open().call("outcome")) as { error: Carried }
    expect(isBusy(restore(error))).toBe(true)
  })
})

describe("a thread that ends by itself", () => {
  const ways: [how: string, end: (thread: ReturnType<typeof open>) => Promise<unknown>, cause: string][] = [
    ["by exiting", ({ call }) => call("exit", 3), "Its exit code is 3"],
    ["by what it does not catch", ({ call }) => call("throwLater"), "uncaught"],
    ["by a rejection that it does not catch", ({ call }) => call("rejectLater"), "unhandled"],
    [
      "by force",
      ({ call, workers }) => {
        const forever = call("forever")
        workers[0]?.terminate()
        return forever
      },
      "Its exit code is 1",
    ],
  ]
  test.each(ways)(
    "%s makes all that wait unavailable, is told of, and started again for the next call",
    async (_, end, cause) => {
      const thread = open()
      const before = await thread.call("thread")
      const ending = errorOf(end(thread))
      const waiting = errorOf(thread.call("never"))
      for (const error of [await ending, await waiting]) {
        expect(error).toBeInstanceOf(Problem)
        expect(error).toMatchObject({ ...unavailable, cause: { cause: { message: cause } } })
      }
      expect(thread.reports).toMatchObject([{ cause: { message: cause } }])
      expect(await thread.call("thread")).not.toBe(before)
      expect(thread.workers).toHaveLength(2)
    },
  )

  test("rests longer each time before it starts again, until it answers; calls wait meanwhile", async () => {
    const clock = fakeClock()
    const { call, workers } = open({ fails: "to load" }, clock)
    expect(await errorOf(call("echo", 1))).toMatchObject(unavailable)
    for (const pause of [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
      const count = workers.length
      const calls = [errorOf(call("echo", 1)), errorOf(call("echo", 2))]
      clock.advance(pause - 1)
      expect([workers.length, clock.waiting()]).toEqual([count, 1])
      clock.advance(1)
      expect(workers).toHaveLength(count + 1)
      expect(await Promise.all(calls)).toMatchObject([unavailable, unavailable])
    }
    expect(clock.waiting()).toBe(0)
  })

  test("has rested enough once it has answered", async () => {
    const clock = fakeClock()
    const { call, workers } = open({}, clock)
    for (let round = 1; round <= 3; round++) {
      const ended = errorOf(call("exit", 1))
      clock.advance(100)
      await ended
      const next = call("echo", round)
      clock.advance(100)
      expect(await next).toBe(round)
      expect(workers).toHaveLength(round + 1)
    }
  })

  test("while nobody asks stays ended until somebody does", async () => {
    const { call, workers, reports } = open()
    await call("echo", 1)
    workers[0]?.terminate()
    await until(() => reports.length === 1)
    expect(workers).toHaveLength(1)
    expect(await call("echo", 2)).toBe(2)
  })
})

describe("a thread that cannot open what it needs", () => {
  test("says why to all that wait, and tries again for the next call", async () => {
    const { call, workers, reports } = open({ fails: "to open", slowly: true })
    for (const attempt of [1, 2]) {
      const errors = await Promise.all([errorOf(call("echo", 1)), errorOf(call("echo", 2))])
      for (const error of errors) expect(error).toBeInstanceOf(StartError)
      expect(workers).toHaveLength(attempt)
    }
    expect(reports).toEqual([])
  })

  test("or cannot even be started makes its calls unavailable", async () => {
    const broken = () => {
      throw new Error("no thread is left")
    }
    const reports: Error[] = []
    const thread = openThread<TestMethods>({}, { start: broken, report: (error) => void reports.push(error) })
    expect(await errorOf(thread.call("echo", 1))).toMatchObject(unavailable)
    expect(reports).toMatchObject([{ cause: { message: "no thread is left" } }])
    await thread.close()
  })
})

describe("closing", () => {
  const counter = () => new Int32Array(new SharedArrayBuffer(4))

  test("answers what was called before, then closes what the thread opened, once; then nothing is taken any more", async () => {
    const closed = counter()
    const clock = fakeClock()
    const { call, close } = open({ closed, slowly: true }, clock)
    const calls = [call("steps", 3), call("echo", 1)]
    const closing = close()
    expect(await errorOf(call("echo", 2))).toMatchObject(unavailable)
    expect(await Promise.all([closing, close()])).toEqual([undefined, undefined])
    expect(await Promise.all(calls)).toEqual([0, 1])
    expect([closed[0], clock.waiting()]).toEqual([1, 0])
    await close()
    expect(await errorOf(call("echo", 3))).toMatchObject(unavailable)
  })

  test("a thread that nobody called starts none, and takes no call any more", async () => {
    const { call, close, workers } = open()
    await close()
    expect(await errorOf(call("echo", 1))).toMatchObject(unavailable)
    expect(workers).toHaveLength(0)
  })

  test.each(["forever", "never"] as const)(
    "ends by force one that is busy (%s) when its time is over",
    async (method) => {
      const clock = fakeClock()
      const { call, close } = open({}, clock)
      await call("echo", 1)
      const busy = errorOf(call(method))
      const closing = errorOf(close())
      clock.advance(CLOSE_PATIENCE - 1)
      expect(clock.waiting()).toBe(1)
      clock.advance(1)
      expect(await closing).toMatchObject({ message: expect.stringContaining("by force") })
      expect(await busy).toMatchObject(unavailable)
    },
  )

  test("tells why the thread could not close, and has ended it", async () => {
    const { call, close } = open({ fails: "to close" })
    await call("echo", 1)
    expect(await errorOf(close())).toMatchObject({ message: "it cannot be closed" })
  })

  test("is done when the thread cannot open what it needs", async () => {
    const { call, close } = open({ fails: "to open" })
    const waiting = errorOf(call("echo", 1))
    await close()
    expect(await waiting).toBeInstanceOf(StartError)
  })

  test("fails when the thread ends by itself meanwhile", async () => {
    const { call, close, reports } = open()
    const waiting = errorOf(call("exit", 1))
    expect(await errorOf(close())).toBe(reports[0])
    expect(await waiting).toMatchObject(unavailable)
  })

  test("refuses what waits for a thread that ended", async () => {
    const clock = fakeClock()
    const { call, close, workers } = open({}, clock)
    await errorOf(call("exit", 1))
    const waiting = errorOf(call("echo", 1))
    await close()
    expect(await waiting).toMatchObject(unavailable)
    expect([workers.length, clock.waiting()]).toEqual([1, 0])
  })
})
