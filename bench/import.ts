// What it takes to import 2,000,000 enrolments, course by course and in no order, in a process of its own; and how long a server on the same
// files takes meanwhile to take a change, and to answer what has nothing to do with it. Run by `npm run bench`.
import { join } from "node:path"
import { MAIN, serve, temporaryDirectory } from "../tests/program.ts"

const ENROLMENTS = 2_000_000
const STUDENTS = 400_000
const CLASS = 40
/** Has no divisor in common with the enrolments, so that its multiples are all of them, far from each other. */
const STRIDE = 1_234_577

async function write(path: string, nth: (line: number) => number) {
  const file = Bun.file(path).writer()
  file.write('{"kind":"courseStudents"}\n')
  for (let line = 0; line < ENROLMENTS; line++) {
    const enrolment = nth(line)
    const course = 1 + Math.floor(enrolment / CLASS)
    const student = 1 + ((enrolment * 7919) % STUDENTS)
    file.write(`${JSON.stringify({ course, student, section: String(1 + (enrolment % 3)) })}\n`)
    if (line % 10_000 === 0) await file.flush()
  }
  await file.end()
}

/** How long it takes, in milliseconds, each time, until `done`. */
async function timed(done: Promise<unknown>, pause: number, act: (turn: number) => Promise<unknown>) {
  const times: number[] = []
  let going = true
  done.then(() => (going = false))
  while (going) {
    const begun = performance.now()
    await act(times.length)
    times.push(performance.now() - begun)
    await Bun.sleep(pause)
  }
  times.sort((a, b) => a - b)
  return `half within ${times[times.length >> 1]?.toFixed(0)} ms, the slowest of ${times.length} ${times.at(-1)?.toFixed(0)} ms`
}

async function run(order: string, nth: (line: number) => number) {
  using folder = temporaryDirectory()
  const [file, DATA_DIR] = [join(folder.path, "enrolments.jsonl"), join(folder.path, "data")]
  await write(file, nth)
  using server = await serve({ DATA_DIR, LOG_LEVEL: "info" })
  const headers = { Authorization: "Bearer the-secret-of-the-university", "Content-Type": "application/json" }
  const put = async (turn: number) => {
    const body = JSON.stringify({ students: [{ id: 7, userId: "minsu", name: `김민수 ${turn}` }] })
    const { status } = await fetch(`${server.url}/directory`, { method: "PUT", headers, body })
    if (status !== 204) throw new Error(`A change was answered with ${status}`)
  }
  const ask = async () => (await fetch(`${server.url}/health/live`)).text()

  const begun = performance.now()
  const child = Bun.spawn([process.execPath, MAIN, "import", file], { env: { DATA_DIR }, stdout: "inherit" })
  const [changes, answers] = await Promise.all([timed(child.exited, 50, put), timed(child.exited, 10, ask)])
  const seconds = (performance.now() - begun) / 1000
  const megabytes = (child.resourceUsage()?.maxRSS ?? 0) / 2 ** 20
  console.log(
    `${order}: ${seconds.toFixed(1)} s, ${Math.round(ENROLMENTS / seconds)} rows/s, at most ${megabytes.toFixed(0)} MiB`,
  )
  console.log(`  changes that the server took meanwhile: ${changes}`)
  console.log(`  its other answers: ${answers}`)
  await server.end("SIGTERM")
}

await run("course by course", (line) => line)
await run("in no order", (line) => (line * STRIDE) % ENROLMENTS)
