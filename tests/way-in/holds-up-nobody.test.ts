// While the server has something large to do, whoever asks whether it lives is answered: nothing holds its event loop.
import { expect, test } from "bun:test"
import { join } from "node:path"
import { sqliteHistory } from "../../src/history/sqlite.ts"
import { fieldsOfKinds } from "../../src/kinds/kinds.ts"
import { drafts } from "../history/drafts.ts"
import { MAIN, temporaryDirectory } from "../program.ts"
import { type Server, startProcess } from "../server.ts"

const ENOUGH = 20
const command = [process.execPath]

/** Does this while the server is asked again and again, one question after the other; answers how often it answered. */
async function probesDuring(server: Server, act: () => Promise<unknown>): Promise<number> {
  let going = true
  let probes = -1 // the first may have been answered before it began
  const probing = (async () => {
    for (; going; probes++) await (await fetch(`${server.url}/health/live`)).text()
  })()
  await act().finally(() => {
    going = false
  })
  await probing
  return probes
}

/** A history in which an educator has so many notifications. */
async function filled(dataDir: string, rows: number, data: (index: number) => object) {
  const history = sqliteHistory({ path: join(dataDir, "history.sqlite"), fields: fieldsOfKinds() })
  for (let from = 0; from < rows; from += 10_000) {
    const many = drafts(10_000, [42])
    await history.record(
      many.map((draft, index) => ({ ...draft, event: { ...draft.event, data: data(from + index) as never } })),
    )
  }
  await history.close()
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

test("while 4 MB of directory are put", async () => {
  await using server = await startProcess({ command })
  const students = numbers(45_000).map((id) => ({
    id,
    userId: `student-${id}`,
    name: `김민수 ${id}, student of the university`,
  }))
  const body = JSON.stringify({ students })
  expect(Buffer.byteLength(body)).toBeGreaterThan(3_900_000)
  const headers = { Authorization: "Bearer the-secret-of-the-university", "Content-Type": "application/json" }
  const probes = await probesDuring(server, async () => {
    const { status } = await fetch(`${server.url}/directory`, { method: "PUT", headers, body })
    expect(status).toBe(204)
  })
  expect(probes).toBeGreaterThanOrEqual(ENOUGH)
}, 60_000)

test("while a list of 300,000 rows is filtered", async () => {
  using directory = temporaryDirectory()
  // Each meets one of two conditions, and none meets both: all have to be looked at.
  await filled(directory.path, 300_000, (index) => ({ courseId: 3 + (index % 2), late: index % 2 === 1 }))
  await using server = await startProcess({ command }, { DATA_DIR: directory.path })
  const probes = await probesDuring(server, async () => {
    const answer = await server.get("/notifications?data.courseId=3&data.late=true", 42)
    expect((await answer.json()).items).toEqual([])
  })
  expect(probes).toBeGreaterThanOrEqual(ENOUGH)
}, 120_000)

test("while an import runs", async () => {
  using directory = temporaryDirectory()
  await using server = await startProcess({ command }, { DATA_DIR: directory.path })
  const file = join(directory.path, "places.jsonl")
  const lines = numbers(100_000).map((id) => JSON.stringify({ course: 1 + (id % 500), student: id, section: "A" }))
  await Bun.write(file, ['{"kind":"courseStudents"}', ...lines].join("\n"))
  const probes = await probesDuring(server, async () => {
    const args = [process.execPath, MAIN, "import", file]
    const child = Bun.spawn(args, { env: { DATA_DIR: directory.path }, stdout: "ignore", stderr: "inherit" })
    expect(await child.exited).toBe(0)
  })
  expect(probes).toBeGreaterThanOrEqual(ENOUGH)
}, 120_000)

test("while an index is built: its filter is answered with 503 until then, and writing goes on", async () => {
  using directory = temporaryDirectory()
  const ROWS = 300_000
  await filled(directory.path, ROWS, (index) => ({ room: `room ${index % 500}` }))
  await using server = await startProcess({ command }, { DATA_DIR: directory.path, FILTERABLE: "room" })
  const ask = async () => {
    const answer = await server.get("/notifications?data.room=room+7&limit=1", 42)
    return { status: answer.status, retryAfter: answer.headers.get("retry-after"), ...(await answer.json()) }
  }
  expect(await ask()).toMatchObject({
    status: 503,
    code: "index_unfinished",
    retryAfter: "5",
    detail: expect.stringContaining("data.room cannot be filtered on yet"),
  })
  const written: number[] = []
  const probes = await probesDuring(server, async () => {
    for (let id = 0; (await ask()).status === 503; id++) {
      const event = { id: `amid-${id}`, type: "note.written", student: 7, educators: [42], data: { room: "room 7" } }
      written.push((await server.post(event)).status)
    }
  })
  expect(probes).toBeGreaterThanOrEqual(ENOUGH)
  expect(written.length).toBeGreaterThan(1)
  expect(new Set(written)).toEqual(new Set([202]))
  expect((await ask()).items).toMatchObject([{ 상세: { room: "room 7" } }])
  // All of before are found by it, and all of meanwhile.
  let found = 0
  for (let next: string | null = ""; next !== null; ) {
    const query: string = `data.room=room+7&limit=100${next && `&cursor=${encodeURIComponent(next)}`}`
    const page = await (await server.get(`/notifications?${query}`, 42)).json()
    found += page.items.length
    next = page.next
  }
  expect(found).toBe(ROWS / 500 + written.length)
}, 180_000)
