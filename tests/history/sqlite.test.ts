import { afterAll, describe, expect, spyOn, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Field } from "../../src/history/condition.ts"
import { MOST_NOTICES, type Posted } from "../../src/history/notices.ts"
import { sqliteHistory } from "../../src/history/sqlite.ts"
import { attachFile, openFile } from "../../src/history/sqlite-file.ts"
import { readerOf } from "../../src/history/sqlite-reader.ts"
import { writerOf } from "../../src/history/sqlite-writer.ts"
import { timeOf } from "../../src/id.ts"
import { Problem } from "../../src/problem.ts"
import { StartError } from "../../src/start-error.ts"
import { until } from "../until.ts"
import { fields } from "./arbitrary-conditions.ts"
import { historyContract } from "./contract.ts"
import { draft, drafts, event, inShort, notificationsOf, to } from "./drafts.ts"

const folder = mkdtempSync(join(tmpdir(), "allim-history-"))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const newFile = () => join(folder, `${files++}.sqlite`)

historyContract("sqlite", async () => {
  const path = newFile()
  return async (fields) => sqliteHistory({ path, fields })
})

historyContract("sqlite, whose entries are made at once", async () => {
  const path = newFile()
  return async (fields) => sqliteHistory({ path, fields, mostFresh: 1 })
})

describe("a process that starts is shown the notices", () => {
  const DAY = 86_400_000
  let now = Date.UTC(2026, 10, 22)
  const withPosts = async (times: readonly number[]) => {
    const history = sqliteHistory({ path: ":memory:", fields: [], now: () => now })
    const start = now
    const posted: Posted[] = []
    for (const [index, after] of times.entries()) {
      now = start + after
      posted.push(
        await history.notices.post({ kind: "withdrawn", source: "lms", eventId: `e${index}`, educators: [42] }),
      )
    }
    return { history, posted }
  }

  test("of the last day before the newest record, whatever its clock says", async () => {
    const { history, posted } = await withPosts([0, 2, DAY, DAY + 1])
    expect((await history.notices.since()).notices).toEqual(posted.slice(1))
    now += 10 * DAY
    expect((await history.notices.since()).notices).toEqual(posted.slice(1))
    await history.record([draft([42])])
    expect((await history.notices.since()).notices).toEqual([])
    // Whoever says how far they have read is shown all that came since.
    expect((await history.notices.since(0)).notices).toEqual(posted)
    await history.close()
  })

  test("that are newest, 10,000 at most", async () => {
    const { history, posted } = await withPosts(Array.from({ length: MOST_NOTICES + 2 }, () => 0))
    const { notices, mark } = await history.notices.since()
    expect(notices).toEqual(posted.slice(2))
    expect(mark).toBe(posted.at(-1)?.position ?? 0)
    expect((await history.notices.since(0)).notices).toHaveLength(MOST_NOTICES + 2)
    await history.close()
  })
})

/** As a draft comes to the thread that writes. */
const drafted = (eventId: string, data = {}, educators = [42]) => ({
  event: { source: "lms", eventId, type: "a.b", occurredAt: "", student: 7, data: JSON.stringify(data) },
  educators,
  reasons: educators.map(() => "named" as const),
})

describe("the file", () => {
  const valueIn = (path: string, sql: string) => {
    const database = new DatabaseSync(path)
    const [value] = Object.values(database.prepare(sql).get() ?? {})
    database.close()
    return Number(value)
  }
  const entriesOf = (path: string) => valueIn(path, "SELECT count(*) FROM entry")
  const versionOf = (path: string) => valueIn(path, "PRAGMA user_version")

  test("has entries of the fields that are declared now, over what was recorded before as well", async () => {
    const path = newFile()
    const [score, room] = fields as [Field, Field]
    const equal = (field: Field, value: number | string) =>
      ({ educator: 42, limit: 10, conditions: [{ field, operator: "eq", values: [value] }] }) as const
    const open = (fields: Field[]) => sqliteHistory({ path, fields, mostFresh: 1 })
    const first = open([score])
    await first.record(drafts(3, [42], { data: { score: 5, room: 5 } }))
    await until(async () => entriesOf(path) === 3 * 4)
    expect(await first.list(equal(score, 5))).toHaveLength(3)
    await first.close()

    // Over what is there already, they are made after opening.
    const second = open([room, { path: "score", type: "string" }])
    await until(async () => entriesOf(path) === 3 * 3)
    await expect(second.list(equal(score, 5))).rejects.toThrow("not declared")
    await second.close()

    const number = { path: "room", type: "number" } as const
    const declared = openFile(path, [number])
    const unfinished = await readerOf(declared)
      .list(equal(number, 5))
      .catch((error) => error)
    expect(unfinished).toMatchObject({ code: "index_unfinished", retryAfter: 5 })
    declared.close()
    const third = open([number])
    await third.record(drafts(1, [42], { data: { room: 5 } }))
    await until(async () => entriesOf(path) === 4 * 4)
    expect(await third.list(equal(number, 5))).toHaveLength(4)
    await third.prune(Date.now() + 1000)
    expect(entriesOf(path)).toBe(0)
    await third.close()
  })

  test("of a newer version is left as it is", async () => {
    const path = newFile()
    await sqliteHistory({ path, fields: [] }).close()
    const database = new DatabaseSync(path)
    database.exec("PRAGMA user_version = 99")
    database.close()
    expect(() => sqliteHistory({ path, fields })).toThrow(StartError)
    expect(() => sqliteHistory({ path, fields })).toThrow(/newer/)
    expect(versionOf(path)).toBe(99)
  })

  test("gives growing ids whatever the clock does, also when the newest rows are gone: new ones went below a cursor", async () => {
    const path = newFile()
    const moments = [5000, 5000, 4000, 1000].map((ms) => Date.UTC(2026, 10) + ms)
    let [known, newest] = [0, 0]
    for (const moment of moments) {
      const history = sqliteHistory({ path, fields: [], now: () => moment })
      expect([history.known, history.lag]).toEqual([newest, 0])
      expect((await history.since({ educators: [42], after: 0, limit: 1 })).mark).toBe(newest)
      for (const { id, position } of notificationsOf(await history.record(drafts(2, [42, 43])))) {
        expect(position).toBe(id)
        expect(id).toBeGreaterThan(newest)
        newest = id
      }
      await history.prune(moment + 10_000)
      expect((await history.since({ educators: [42], after: 0, limit: 1 })).entries).toEqual([])
      known = history.known
      await history.close()
    }
    expect(known).toBe(newest)
    expect(timeOf(newest)).toBe(moments[0] ?? 0)
  })

  test("outlives a clock that leaps past the last id: one record ended the file for good", async () => {
    const path = newFile()
    let newest = 0
    for (const now of [Date.UTC(2026, 10), Date.UTC(2100, 0), Date.UTC(9999, 0), Date.UTC(2026, 10)]) {
      const history = sqliteHistory({ path, fields: [], now: () => now })
      const told = notificationsOf(await history.record(drafts(2, [42])))
      expect(told).toHaveLength(2)
      const { entries, mark } = await history.since({ educators: [42], after: newest, limit: 10 })
      expect(entries.map(({ id }) => id)).toEqual(told.map(({ id }) => id))
      expect(Number.isSafeInteger(mark)).toBe(true)
      newest = mark
      await history.close()
    }
  })

  test("is written durably: the connection that writes says FULL, and waits for the disk", () => {
    const database = openFile(newFile(), [])
    const told = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
    expect([told("synchronous"), told("journal_mode"), told("fullfsync")]).toEqual([2, "wal", 1])
    database.close()
  })

  test("keeps nothing of a commit that fails, and knows of nothing: what was told of stays what is there", async () => {
    const history = sqliteHistory({ path: ":memory:", fields: [] })
    await history.record([draft([42])])
    const before = await history.since({ educators: [42], after: 0, limit: 10 })
    const sent = [draft([42]), draft([42, 43])]
    const { exec } = DatabaseSync.prototype
    const failing = spyOn(DatabaseSync.prototype, "exec").mockImplementation(function (this: DatabaseSync, sql) {
      if (sql === "COMMIT") throw Object.assign(new Error("disk I/O error"), { code: "ERR_SQLITE_ERROR", errcode: 10 })
      return exec.call(this, sql)
    })
    const outcomes = await history.record(sent)
    failing.mockRestore()
    expect(inShort(outcomes)).toEqual(["unknown", "unknown"])
    expect(outcomes[0]).toMatchObject({ error: { code: "unavailable", retryAfter: 1 } })
    expect(await history.unread(42)).toBe(1)
    expect(history.known).toBe(before.known)
    expect(await history.since({ educators: [42], after: 0, limit: 10 })).toEqual(before)
    expect(inShort(await history.record(sent))).toEqual([1, 2])
    await history.close()
  })

  test("takes up again after a write that could not even be taken back", async () => {
    const history = sqliteHistory({ path: ":memory:", fields: [] })
    const { exec } = DatabaseSync.prototype
    const failing = spyOn(DatabaseSync.prototype, "exec").mockImplementation(function (this: DatabaseSync, sql) {
      if (sql === "COMMIT" || sql === "ROLLBACK") throw Object.assign(new Error("disk I/O error"), { errcode: 10 })
      return exec.call(this, sql)
    })
    const sent = [draft([42])]
    expect(inShort(await history.record(sent))).toEqual(["unknown"])
    failing.mockRestore()
    expect(inShort(await history.record(sent))).toEqual([1])
    await history.close()
  })

  test("reads what is new as of one moment: what another process records amid a read is for the next", async () => {
    const path = newFile()
    const database = openFile(path, [])
    const write = writerOf(database)
    const reading = attachFile(path, "read")
    const { since } = readerOf(reading)
    const statement = Object.getPrototypeOf(database.prepare("SELECT 1"))
    for (const [index, method] of (["get", "all"] as const).entries()) {
      const { mark: after } = since({ educators: [], limit: 0 })
      const original = statement[method]
      let amid = true
      const spied = spyOn(statement, method).mockImplementation(function (this: unknown, ...values: unknown[]) {
        const answer = original.apply(this, values)
        if (amid) {
          amid = false
          write.record([drafted(`${index}`)], Date.now())
        }
        return answer
      })
      const read = since({ educators: [42], after, limit: 10 })
      spied.mockRestore()
      const next = since({ educators: [42], after: read.mark, limit: 10 })
      expect([read.entries.length, next.entries.length]).toEqual([0, 1])
    }
    reading.close()
    database.close()
  })

  // SQLite takes back the whole write when an event does not fit, and only the statement when a notification does not.
  test.each([
    ["an event", 1, "long".repeat(10_000)],
    ["a notification", 3_000, ""],
  ])("that is full makes drafts unknown, not refused, when %s does not fit: they may come again", (_, told, text) => {
    const database = openFile(newFile(), [])
    const write = writerOf(database)
    const { page_count: pages } = database.prepare("PRAGMA page_count").get() ?? {}
    database.exec(`PRAGMA max_page_count = ${pages}`)
    const educators = Array.from({ length: told }, (_, index) => index + 1)
    const sent = ["1", "2", "3"].map((id) => drafted(id, { text }, educators))
    const record = () => write.record(sent, Date.now())
    expect(() => record()).toThrow(expect.objectContaining({ errcode: 13 }))
    database.exec("PRAGMA max_page_count = 1000000")
    expect(record().recorded.map((each) => "told" in each && each.told.length)).toEqual([told, told, told])
    database.close()
  })

  test("makes the history unavailable while another process writes for long", async () => {
    const path = newFile()
    const history = sqliteHistory({ path, fields: [] })
    const other = new DatabaseSync(path)
    const refused = async (call: Promise<unknown>) => {
      const error = (await call.catch((reason) => reason)) as Problem
      expect(error).toBeInstanceOf(Problem)
      expect([error.code, error.retryAfter]).toEqual(["unavailable", 1])
    }
    other.exec("BEGIN IMMEDIATE")
    const kept = draft([42])
    expect(await history.record([kept])).toMatchObject([{ status: "unknown", error: { code: "unavailable" } }])
    await refused(history.ping())
    other.exec("ROLLBACK")
    await history.ping()
    expect(inShort(await history.record([kept]))).toEqual([1])

    other.close()
    await history.close()
  })

  test("lets others record while it forgets and while it marks everything", async () => {
    const history = sqliteHistory({ path: newFile(), fields: [] })
    const order: string[] = []
    const recordAnother = async () => {
      await history.record([draft([42])])
      order.push("recorded")
    }
    await history.record(drafts(4000, [42]))
    const before = Date.now() + 1000
    const pruned = history.prune(before).then(() => order.push("pruned"))
    await Promise.all([pruned, recordAnother()])
    expect(await history.prunedTo()).toBe(before)

    await history.record(drafts(4000, [42]))
    const marked = history.markRead(42, { all: true }, "2026-11-23T00:00:00.000Z").then(() => order.push("marked"))
    await Promise.all([marked, recordAnother()])
    expect(order).toEqual(["recorded", "pruned", "recorded", "marked"])
    expect(await history.unread(42)).toBe(1)
    await history.close()
  })

  test("counts a hundred thousand exactly", async () => {
    const history = sqliteHistory({ path: newFile(), fields })
    for (let part = 0; part < 100; part++) await history.record(drafts(1000, [42], { data: { courseId: part } }))
    await history.record(drafts(7, [43]))
    expect(await history.unread(42)).toBe(100_000)
    const [newest] = await history.list({ educator: 42, limit: 1 })
    expect((await history.markRead(42, { ids: [newest?.id ?? 0] }, "2026-11-23T00:00:00.000Z")).unread).toBe(99_999)
    const { ids, unread } = await history.markRead(42, { all: true }, "2026-11-23T00:00:00.000Z")
    expect([ids.length, unread, await history.unread(43)]).toEqual([1000, 0, 7])
    await history.close()
  })
})

describe("a process that is killed with -9", () => {
  /** Lets a child record until it has told of `count` events, kills it, and answers which of those are not in its file. */
  const lostBy = async (mode: "after" | "before", count: number) => {
    const path = newFile()
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "recording-process.ts"), path, mode], {
      stdout: "pipe",
    })
    let told = ""
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
      told += part
      if (told.split("\n").length > count) child.kill("SIGKILL")
    }
    await child.exited
    expect(child.signalCode).toBe("SIGKILL")
    const ids = told.split("\n").slice(0, -1)
    const history = sqliteHistory({ path, fields: [] })
    const kept = new Set((await history.list({ educator: 42, limit: 1_000_000 })).map(({ eventId }) => eventId))
    expect(await history.unread(42)).toBe(kept.size)
    await history.close()
    return ids.filter((id) => !kept.has(id))
  }

  test("has kept every event it told of", async () => {
    for (const count of [1, 20, 300]) expect(await lostBy("after", count)).toEqual([])
  })

  test("would not have, had it told before recording", async () => {
    expect((await lostBy("before", 20)).length).toBeGreaterThan(0)
  })
})

test("two processes that record the same events give each once", async () => {
  const path = newFile()
  const run = () => {
    const args = [process.execPath, join(import.meta.dir, "recording-process.ts"), path, "after", "500"]
    return Bun.spawn(args, { stdout: "ignore", stderr: "inherit" }).exited
  }
  expect(await Promise.all([run(), run()])).toEqual([0, 0])
  const history = sqliteHistory({ path, fields: [] })
  const kept = await history.list({ educator: 42, limit: 10_000 })
  expect(kept).toHaveLength(500)
  expect(new Set(kept.map(({ eventId }) => eventId)).size).toBe(500)
  expect(inShort(await history.record([{ event: event({ id: "event-1" }), recipients: to(42) }]))).toEqual([
    "duplicate",
  ])
  await history.close()
})
