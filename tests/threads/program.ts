// A program with threads, for tests to run on each runtime, and compiled. It says what it finds in a line of JSON, and ends when nothing
// keeps it: a thread that nobody waits for must not. Where it is compiled its argument is the entry, which elsewhere is beside this file.
import { openThread, startAt } from "../../src/threads/thread.ts"
import type { Task, TestMethods } from "./entry.ts"

const start = startAt(new URL(process.argv[2] ?? "./entry.ts", import.meta.url))
const reported: string[] = []

function open(task: Task = {}) {
  const report = ({ cause }: Error) => void reported.push((cause as Error).message)
  return openThread<TestMethods>(task, { start, report })
}

const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ code, errcode, message }) => ({ code, errcode, message }),
  )

async function inOrder() {
  const numbers = Array.from({ length: 1_000 }, (_, index) => index)
  const answers = await Promise.all(numbers.map((number) => thread.call("echo", number)))
  return answers.every((answer, index) => answer === index)
}

async function between() {
  const steps = thread.call("steps", 5)
  await Promise.all([thread.call("meanwhile"), thread.call("meanwhile"), thread.call("meanwhile")])
  return steps
}

async function startsAgain() {
  const before = await thread.call("thread")
  const errors = [
    await errorOf(thread.call("exit", 3)),
    await errorOf(thread.call("throwLater")),
    await errorOf(thread.call("rejectLater")),
  ]
  return { codes: errors.map((error) => error?.code), anew: before !== (await thread.call("thread")) }
}

async function closes() {
  const answer = thread.call("steps", 2)
  await Promise.all([thread.close(), thread.close()])
  return { answer: await answer, times: closed[0], after: await errorOf(thread.call("echo", 1)) }
}

async function closesIdle() {
  const closed = new Int32Array(new SharedArrayBuffer(4))
  const idle = open({ closed })
  await idle.call("echo", 1)
  await idle.close()
  return closed[0]
}

async function endsByForce() {
  const busy = open()
  const forever = errorOf(busy.call("forever"))
  return { closing: await errorOf(busy.close()), forever: await forever }
}

const closed = new Int32Array(new SharedArrayBuffer(4))
const thread = open({ closed })
const found = {
  inOrder: await inOrder(),
  between: await between(),
  problem: await errorOf(thread.call("throw", "problem")),
  sqlite: await errorOf(thread.call("throw", "busy")),
  argument: await errorOf(thread.call("echo", () => {})),
  answer: await errorOf(thread.call("notCloneable")),
  startsAgain: await startsAgain(),
  reported,
  closes: await closes(),
  closesIdle: await closesIdle(),
  cannotOpen: await errorOf(open({ fails: "to open" }).call("echo", 1)),
  endsByForce: await endsByForce(),
  mainEntry: await errorOf(openThread({ name: "unknown" }).call("work")),
  idle: await open().call("echo", "left open"),
}
console.log(JSON.stringify(found))
