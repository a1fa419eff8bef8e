// How long a probe waits, one after the other on a connection that is kept, while the server has something large to do: for no longer than
// 20 ms, if nothing holds its event loop. Run by `npm run bench`.
import { createServer } from "node:net"
import { join } from "node:path"
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads"
import { issueToken } from "../src/access-token.ts"
import type { Draft } from "../src/history/history.ts"
import { sqliteHistory } from "../src/history/sqlite.ts"
import { fieldsOfKinds } from "../src/kinds/kinds.ts"
import { readSettings } from "../src/settings.ts"
import { MAIN, SETTINGS, serve, temporaryDirectory } from "../tests/program.ts"

const GOAL = 20
const EVENTS = 230
const EDUCATORS = 1000
const STUDENTS = 25_000
const PLACES = 45_000
const ROWS = 300_000
const IMPORTED = 500_000
const INDEXED = 1_000_000
/** Drafts that are recorded at once to fill a history. */
const FILL = 10_000
const EDUCATOR = 42

const HEADERS = { Authorization: "Bearer the-secret-of-the-university", "Content-Type": "application/json" }

/** Asks until it is told to stop, in a thread of its own, so that nothing but the server makes it wait. */
async function probe(url: string) {
  let waits: number[] = []
  let going = true
  parentPort?.on("message", (said) => {
    if (said === "begin") waits = []
    else going = false
  })
  while (going) {
    const begun = performance.now()
    const answer = await fetch(`${url}/health/live`).catch(() => undefined)
    if (answer && (await answer.text())) waits.push(performance.now() - begun)
    else await new Promise((resolve) => setTimeout(resolve, 1))
  }
  parentPort?.postMessage(waits)
}

/** Does it while the server is probed, and says how long the probes waited. */
async function during(what: string, url: string, act: () => Promise<unknown>) {
  const prober = new Worker(new URL(import.meta.url), { workerData: url })
  await new Promise((resolve) => prober.once("online", resolve))
  await Bun.sleep(200)
  prober.postMessage("begin")
  const begun = performance.now()
  await act()
  const seconds = (performance.now() - begun) / 1000
  const waits = await new Promise<number[]>((resolve) => {
    prober.once("message", resolve)
    prober.postMessage("stop")
  })
  await prober.terminate()
  waits.sort((a, b) => a - b)
  const [worst = Number.NaN, p99 = Number.NaN] = [waits.at(-1), waits[Math.floor(waits.length * 0.99)]]
  console.log(`${what}: ${seconds.toFixed(1)} s`)
  console.log(
    `  worst wait ${worst.toFixed(1)} ms (${worst <= GOAL ? "within" : "beyond"} ${GOAL}), p99 ${p99.toFixed(1)} ms, ${waits.length} answered`,
  )
}

async function expectStatus(answer: Promise<Response>, expected: number) {
  const { status } = await answer
  if (status !== expected) throw new Error(`It was answered with ${status}, not ${expected}`)
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

function events() {
  const educators = numbers(EDUCATORS)
  const data = { assignmentId: 9, courseId: 3, late: false }
  return numbers(EVENTS).map((id) => ({ id: `e-${id}`, type: "assignment.submitted", student: 7, educators, data }))
}

function change() {
  return {
    students: numbers(STUDENTS).map((id) => ({ id, userId: `student-${id}`, name: `김민수 ${id} of the university` })),
    courseStudents: numbers(PLACES).map((id) => ({ course: 1 + (id % 1000), student: id, section: "A" })),
  }
}

/** Fills a history with so many of one educator's: each is of course 3 or late, and none is both. */
async function fill(path: string, rows: number) {
  const history = sqliteHistory({ path, fields: fieldsOfKinds() })
  for (let from = 0; from < rows; from += FILL) {
    const drafts = numbers(FILL).map((offset): Draft => {
      const odd = offset % 2 === 1
      const data = { assignmentId: offset, courseId: odd ? 3 : 4, late: !odd, room: `room ${offset % 500}` }
      const occurredAt = "2026-11-22T05:30:00.000Z"
      const id = `filled-${from + offset}`
      const event = { source: "university", id, type: "assignment.submitted", occurredAt, student: 7, data }
      return { event, recipients: [{ educator: EDUCATOR, reason: "course" }] }
    })
    await history.record(drafts)
  }
  await history.close()
}

async function writeEnrolments(path: string) {
  const file = Bun.file(path).writer()
  file.write('{"kind":"courseStudents"}\n')
  for (let line = 0; line < IMPORTED; line++) {
    file.write(`${JSON.stringify({ course: 1 + (line % 20_000), student: 1 + (line % 100_003), section: "A" })}\n`)
    if (line % 10_000 === 0) await file.flush()
  }
  await file.end()
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function main() {
  const token = await issueToken(EDUCATOR, 3600, readSettings(SETTINGS).tokens)
  const list = (url: string, query: string) =>
    fetch(`${url}/notifications?${query}`, { headers: { Authorization: `Bearer ${token}` } })

  using folder = temporaryDirectory()
  const DATA_DIR = join(folder.path, "data")
  {
    using fresh = await serve({ DATA_DIR })
    await fresh.end("SIGTERM")
  }
  await fill(join(DATA_DIR, "history.sqlite"), ROWS)
  {
    using server = await serve({ DATA_DIR })
    const { url } = server
    const body = JSON.stringify(events())
    const post = () => expectStatus(fetch(`${url}/events`, { method: "POST", headers: HEADERS, body }), 202)
    await during(`POST /events, ${EVENTS} events for ${EDUCATORS} educators each`, url, post)
    await during("the same again, all of it known", url, post)

    const all = JSON.stringify(change())
    const put = () => expectStatus(fetch(`${url}/directory`, { method: "PUT", headers: HEADERS, body: all }), 204)
    await during(`PUT /directory, ${(Buffer.byteLength(all) / 2 ** 20).toFixed(1)} MiB`, url, put)

    await during(`GET /notifications, a filter that none of ${ROWS} meets`, url, () =>
      expectStatus(list(url, "data.courseId=3&data.late=true"), 200),
    )

    const file = join(folder.path, "enrolments.jsonl")
    await writeEnrolments(file)
    await during(`allim import of ${IMPORTED} rows`, url, async () => {
      const child = Bun.spawn([process.execPath, MAIN, "import", file], { env: { DATA_DIR }, stdout: "ignore" })
      if ((await child.exited) !== 0) throw new Error("The import failed")
    })
    await server.end("SIGTERM")
  }

  await fill(join(DATA_DIR, "history.sqlite"), INDEXED)
  const PORT = String(await freePort())
  const url = `http://127.0.0.1:${PORT}`
  const begun = performance.now()
  await during(`a new field of ${INDEXED} rows, from the start to a list by it`, url, async () => {
    using server = await serve({ DATA_DIR, PORT, FILTERABLE: "room" })
    console.log(`it listened after ${((performance.now() - begun) / 1000).toFixed(1)} s`)
    for (let status = 503; status === 503; await Bun.sleep(50)) ({ status } = await list(url, "data.room=room+7"))
    await server.end("SIGTERM")
  })
}

await (isMainThread ? main() : probe(workerData))
