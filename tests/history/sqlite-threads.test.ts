// What the threads of a history promise beside its contract: they may be killed, and little is written for many.
import { afterAll, expect, spyOn, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { sqliteHistory } from "../../src/history/sqlite.ts"
import { fieldsOfKinds } from "../../src/kinds/kinds.ts"
import { temporaryDirectory } from "../program.ts"
import { until } from "../until.ts"
import { draft, drafts, inShort, notificationsOf } from "./drafts.ts"

const directory = temporaryDirectory()
const workers = new Set<Worker>()
const { postMessage } = Worker.prototype
const seen = spyOn(Worker.prototype, "postMessage").mockImplementation(function (this: Worker, ...message: never[]) {
  workers.add(this)
  return postMessage.apply(this, message as never)
})
afterAll(() => {
  seen.mockRestore()
  directory[Symbol.dispose]()
})

test("a thread that is killed again and again has kept what it answered, and what is sent again is there once", async () => {
  const deaths: Error[] = []
  const path = join(directory.path, "killed.sqlite")
  const history = sqliteHistory({ path, fields: [], mostFresh: 50, report: (error) => deaths.push(error) })
  const answered = new Set<string>()
  let unknown = 0
  for (let round = 0; round < 5; round++) {
    const sent = drafts(300, [42])
    const calls = sent.map(async (each) => {
      const [outcome] = await history.record([each])
      if (outcome?.status === "unknown") unknown++
      else answered.add(each.event.id)
    })
    await until(() => answered.size > round * 300 + 30)
    await Promise.all([...workers].map((worker) => worker.terminate()))
    workers.clear()
    await Promise.all(calls)
    const known = new Set((await history.list({ educator: 42, limit: 10_000 })).map(({ eventId }) => eventId))
    expect([...answered].filter((id) => !known.has(id))).toEqual([])
    await Promise.all(sent.map(async (each) => inShort(await history.record([each]))))
    for (const { event } of sent) answered.add(event.id)
  }
  expect(unknown).toBeGreaterThan(0)
  expect(deaths.length).toBeGreaterThanOrEqual(5)
  const rows = await history.list({ educator: 42, limit: 10_000 })
  expect(rows.map(({ eventId }) => eventId).toSorted()).toEqual([...answered].toSorted())
  expect(await history.unread(42)).toBe(1500)
  await history.close()
}, 60_000)

/** Bytes that this process has had written to disk, as Linux counts them. */
const written = () => Number(/^write_bytes: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1])

test("five events to 1,000 educators each write less than 25 MB into a history of 80,000 rows", async () => {
  const start = written()
  const path = join(directory.path, "many.sqlite")
  const history = sqliteHistory({ path, fields: fieldsOfKinds() })
  const educators = Array.from({ length: 1000 }, (_, index) => 7 * index + 1)
  const some = (of: number) => educators.filter((educator) => educator % 20 === of % 20)
  const data = (id: number) => ({ courseId: id % 50, assignmentId: id % 300, late: id % 2 === 0 })
  for (let id = 0; id < 1600; id += 20)
    await history.record(Array.from({ length: 20 }, (_, of) => draft(some(of), { data: data(id + of), student: id })))

  // Between two calls the thread makes entries, if it is to: as many turns as all of these rows could need.
  const turns = async () => {
    for (let turn = 0; turn < 500; turn++) await history.erase([])
  }
  await turns()
  const before = written()
  expect(before, "bytes are counted only where files are on a disk").toBeGreaterThan(start)
  let told = 0
  for (let id = 0; id < 5; id++) {
    const outcomes = await history.record([draft(educators, { data: data(id), student: id })])
    told += notificationsOf(outcomes).length
  }
  await turns()
  await history.close() // which brings home what the log still holds
  expect(told).toBe(5000)
  expect(written() - before).toBeLessThan(25_000_000)
}, 60_000)
