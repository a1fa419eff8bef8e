import { expect, test } from "bun:test"
import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { sampleSchool } from "../../src/directory/sample-school.ts"
import { sqliteHistory } from "../../src/history/sqlite.ts"
import { timeOf } from "../../src/id.ts"
import { fieldsOfKinds } from "../../src/kinds/kinds.ts"
import { temporaryDirectory } from "../program.ts"
import { openWayIn } from "../way-in/way-in.ts"
import { draft, notificationsOf } from "./drafts.ts"
import told from "./version-1/told.json"

const EDUCATORS = [42, 43, 44, 50] as const
const SECRETS: Record<string, string> = {
  university: "old-secret-of-the-university",
  "school.2_b-c": "secret-of-the-school-2",
}

/** A copy of the file, in a directory of its own. */
function upgraded() {
  const directory = temporaryDirectory()
  const path = join(directory.path, "history.sqlite")
  copyFileSync(join(import.meta.dir, "version-1/history.sqlite"), path)
  return { path, [Symbol.dispose]: directory[Symbol.dispose] }
}

/** What version 1 told, as it is identified now. */
function expected(educator: (typeof EDUCATORS)[number]) {
  return told.lists[educator].list.map((notification) => {
    const { source, eventId } = notification
    const [, own, id] = /^(\S*[/:]\S*) (.*)$/.exec(eventId) ?? []
    const identity = own === undefined ? { source, eventId } : { source: JSON.stringify([source, own]), eventId: id }
    return { ...notification, ...identity, reason: null, position: notification.id }
  })
}

test("a file of version 1 keeps its lists, counts and what was read, and CloudEvents are told from native ones", async () => {
  using file = upgraded()
  const history = sqliteHistory({ path: file.path, fields: fieldsOfKinds() })
  for (const educator of EDUCATORS) {
    expect(await history.list({ educator, limit: 100 })).toEqual(expected(educator) as never)
    expect(await history.unread(educator)).toBe(told.lists[educator].unread)
  }
  const clouds = expected(42).filter(({ source }) => source.startsWith("["))
  expect(clouds).toHaveLength(6)
  await history.close()
})

test("its positions are its ids, and go on above the newest that ever was, though that belonged to an event of nobody's", async () => {
  using file = upgraded()
  const before = new DatabaseSync(file.path)
  const { newest } = before.prepare("SELECT max(id) AS newest FROM event").get() ?? {}
  before.close()
  const oldest = Math.min(...EDUCATORS.flatMap((educator) => told.lists[educator].list.map(({ id }) => id)))
  const history = sqliteHistory({ path: file.path, fields: [], now: () => 0 })
  const { entries, mark } = await history.since({ educators: EDUCATORS, after: 0, limit: 100 })
  expect(entries).toHaveLength(EDUCATORS.reduce((sum, educator) => sum + told.lists[educator].list.length, 0))
  expect([mark, history.known]).toEqual([Number(newest), Number(newest)])
  expect(Math.max(...entries.map(({ position }) => position))).toBeLessThan(mark)
  expect(await history.newestAt()).toBe(timeOf(mark))
  expect(await history.prunedTo()).toBe(timeOf(oldest))
  expect(notificationsOf(await history.record([draft([42])])).map(({ id }) => id)).toEqual([mark + 1])
  const { store } = history
  await history.close()
  const again = sqliteHistory({ path: file.path, fields: [] })
  expect(again.store).toBe(store)
  await again.close()
})

test("what was posted to version 1 is a duplicate when it is posted again, and reaches nobody twice", async () => {
  using file = upgraded()
  await using way = await openWayIn({
    history: file.path,
    sources: Object.entries(SECRETS).map(([name, secret]) => ({ name, secrets: [secret] })),
  })
  // The directory of that time knew no staff of courses.
  await way.directory.apply({ noLongerCourseStaff: sampleSchool.courseStaff })
  for (const { source, type, body } of told.requests) {
    const response = await way.post(body, { authorization: `Bearer ${SECRETS[source]}`, "content-type": type })
    const { results } = await response.json()
    const again = body.id === "to-nobody" ? { status: "accepted", notifications: 0 } : { status: "duplicate" }
    expect(results).toMatchObject([{ id: body.id, ...again }])
  }
  for (const educator of EDUCATORS) expect(await way.history.unread(educator)).toBe(told.lists[educator].unread)
})

test("an event that version 1 had forgotten and recorded again is kept once", async () => {
  using file = upgraded()
  const before = new DatabaseSync(file.path)
  before.exec(`INSERT INTO notification (id, educator, student, source, event_id, type, occurred_at, data)
    SELECT id + 1000000, educator, student, source, event_id, type, occurred_at, data FROM notification`)
  before.close()
  const history = sqliteHistory({ path: file.path, fields: [] })
  for (const educator of EDUCATORS) {
    expect(await history.list({ educator, limit: 100 })).toEqual(expected(educator) as never)
    expect(await history.unread(educator)).toBe(told.lists[educator].unread)
  }
  await history.close()
})
