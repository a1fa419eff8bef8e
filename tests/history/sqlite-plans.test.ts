import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { DatabaseSync } from "node:sqlite"
import type { Field } from "../../src/history/condition.ts"
import type { Query } from "../../src/history/inbox.ts"
import { definitionOf, UNREAD } from "../../src/history/sqlite-fields.ts"
import { openFile } from "../../src/history/sqlite-file.ts"
import { indexer } from "../../src/history/sqlite-index.ts"
import { type Reader, readerOf } from "../../src/history/sqlite-reader.ts"
import { recorder } from "../../src/history/sqlite-record.ts"
import { type Writer, writerOf } from "../../src/history/sqlite-writer.ts"
import { fields } from "./arbitrary-conditions.ts"

const READ_AT = "2026-11-23T00:00:00.000Z"
const [score, room] = fields as [Field, Field]
const course = fields.find(({ path }) => path === "courseId") as Field

type Ran = { sql: string; values: unknown[] }

const database = openFile(":memory:", fields)
const ran = noteStatements(database)
let write: Writer
let read: Reader

/** One educator's 3,000, of which course 5 has 20 and course 6 has 1,500, all with entries; and one that is fresh. */
beforeAll(async () => {
  write = writerOf(database)
  // By then it has seen that there are no entries to be made.
  await Bun.sleep(1)
  read = readerOf(database)
  const courses = Array.from({ length: 3_000 }, (_, row) => (row < 20 ? 5 : row < 1_520 ? 6 : 7))
  write.record(courses.map(drafted), Date.now())
  const index = indexer(database, 1)
  while (index.step());
  write.record([drafted(5, 3_000)], Date.now())
})
afterAll(() => database.close())

function drafted(courseId: number, row: number) {
  const data = JSON.stringify({ courseId, score: row, room: "a" })
  const event = { source: "lms", eventId: `e${row}`, type: "a.b", occurredAt: READ_AT, student: 7, data }
  return { event, educators: [42], reasons: ["named" as const] }
}

/** Notes what is run from here on, and with which values. */
function noteStatements(database: DatabaseSync): Ran[] {
  const ran: Ran[] = []
  const prepare = database.prepare.bind(database)
  database.prepare = (sql: string) => {
    const statement = prepare(sql)
    for (const method of ["all", "get", "run"] as const) {
      const original = statement[method].bind(statement) as (...values: unknown[]) => never
      statement[method] = (...values: unknown[]) => {
        ran.push({ sql, values })
        return original(...values)
      }
    }
    return statement
  }
  return ran
}

/** What is run meanwhile. */
async function during(work: () => unknown): Promise<Ran[]> {
  const from = ran.length
  await work()
  return ran.slice(from)
}

const listed = (query: Partial<Query>) => during(() => read.list({ educator: 42, limit: 20, ...query }))

function planOf(database: DatabaseSync, sql: string): string[] {
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()
  return plan.map(({ detail }) => String(detail))
}

/** How statements find rows, each way once. Whatever SQL makes for itself is small, as are `store` and `field`. */
function seeksOf(statements: readonly Ran[], of = database): string[] {
  const details = [...new Set(statements.map(({ sql }) => sql))].flatMap((sql) => planOf(of, sql))
  const small = /VIRTUAL TABLE|\(subquery-|CONSTANT ROW|SCAN (state|next|oldest|store|field|temp\.\w+)\b/
  return [...new Set(details)].filter((detail) => /^(SCAN|SEARCH)/.test(detail) && !small.test(detail))
}

const BY_ID = ["SEARCH n USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)"]
const OF_FRESH = "SEARCH fresh USING PRIMARY KEY (educator=? AND id<?)"
const entries = (by: string) => `SEARCH entry USING PRIMARY KEY (field=? AND educator=? AND ${by})`

describe("each statement seeks", () => {
  test("what is new, by educator, among what is fresh and among the rest", async () => {
    const fresh = "SEARCH told USING PRIMARY KEY (educator=? AND id>?)"
    const { mark } = read.since({ educators: [], limit: 0 })
    expect(seeksOf(await during(() => read.since({ educators: [42], after: mark, limit: 10 })))).toEqual([fresh])
    expect(seeksOf(await during(() => read.since({ educators: [42], after: 0, limit: 10 })))).toEqual([
      "SEARCH told USING PRIMARY KEY (field=? AND educator=? AND value=? AND id>? AND id<?)",
      entries("value=? AND id>? AND id<?"),
      fresh,
    ])
  })

  test("rows by their ids, and those of an event by it", async () => {
    expect(seeksOf(await during(() => read.read([1, 2])))).toEqual(BY_ID)
    expect(seeksOf(await during(() => read.bearing([{ source: "lms", eventId: "e1" }])))).toEqual([
      "SEARCH e USING COVERING INDEX sqlite_autoindex_event_1 (source=? AND event_id=?)",
      "SEARCH n USING COVERING INDEX sqlite_autoindex_notification_1 (event=?)",
    ])
  })

  test("the entries of one value, and of a whole history, in order of id", async () => {
    for (const query of [{}, { before: 5 }, { student: 7 }, { type: "a.b" }, { unread: true }, { unread: false }])
      expect(seeksOf(await listed(query))).toEqual([OF_FRESH, ...BY_ID, entries("value=? AND id<?")])
  })

  test("the entries of a value among several, one after the other", async () => {
    const statements = await listed({ conditions: [{ field: room, operator: "in", values: ["b", "c"] }] })
    expect(seeksOf(statements)).toEqual([OF_FRESH, ...BY_ID, entries("value=?")])
  })

  test("a range's entries between both of its bounds, and goes on behind the last one", async () => {
    const conditions = [
      { field: score, operator: "gte", values: [10] },
      { field: score, operator: "lt", values: [2_500] },
    ] as const
    const statements = await listed({ conditions })
    const between = entries("value>? AND value<?")
    const beyond = entries("(value,id)>(?,?) AND value<?")
    expect(seeksOf(statements)).toEqual([OF_FRESH, ...BY_ID, between, beyond])
    const last = statements.filter(({ sql }) => sql.includes("(value, id) >")).map(({ values }) => values[2])
    expect(last).toEqual([1_009, 2_009])
  })

  test("what it counts to choose what leads", async () => {
    const statements = await listed({ type: "a.b", conditions: [{ field: score, operator: "gt", values: [10] }] })
    const counts = statements.filter(({ sql }) => sql.includes("count(*)"))
    expect(seeksOf(counts)).toEqual([entries("value=?"), entries("value>?")])
  })

  test("the newest that are unread, to mark them", async () => {
    const rows = "SEARCH notification USING INTEGER PRIMARY KEY (rowid=?)"
    const statements = await during(() => write.markRead(43, { all: true }, READ_AT))
    expect(seeksOf(statements.filter(({ sql }) => sql.startsWith("UPDATE")))).toEqual([
      rows,
      "SEARCH f USING PRIMARY KEY (educator=? AND id<?)",
      "SEARCH n USING INTEGER PRIMARY KEY (rowid=?)",
      entries("value=? AND id<?"),
    ])
    expect(seeksOf(await during(() => write.markRead(43, { ids: [1] }, READ_AT)))).toContain(rows)
  })

  test("what is forgotten, each entry by its whole key", async () => {
    const statements = await during(async () => {
      await write.prune(0)
      await write.erase([1])
    })
    const ofEntries = statements.filter(({ sql }) => sql.startsWith("DELETE FROM entry"))
    expect(ofEntries).toHaveLength(2 + fields.length)
    expect(seeksOf(ofEntries)).toEqual([entries("value=? AND id=?"), ...BY_ID])
    expect(seeksOf(statements).filter((seek) => seek.startsWith("SCAN"))).toEqual([])
  })

  test("where making entries goes on; only the few that are fresh are counted, and emptied, as a whole", async () => {
    const other = openFile(":memory:", fields)
    const noted = noteStatements(other)
    recorder(other)([drafted(5, 1), drafted(5, 2)], Date.now())
    const index = indexer(other, 1)
    while (index.step());
    other.exec("UPDATE field SET cursor = '[]' WHERE id = 3; UPDATE field SET definition = NULL WHERE id = 4")
    while (index.step());
    const making = noted.filter(({ sql }) => /portion_of|fresh|DELETE FROM entry/.test(sql))
    expect(new Set(seeksOf(making, other))).toEqual(
      new Set([
        ...BY_ID,
        "SCAN fresh",
        "SEARCH fresh USING PRIMARY KEY ((educator,id)>(?,?))",
        "SEARCH entry USING PRIMARY KEY (field=? AND (educator,value,id)>(?,?,?))",
        // A field that is not declared any more is taken away from its first entry on.
        "SEARCH entry USING PRIMARY KEY (field=?)",
        entries("value=? AND id=?"),
      ]),
    )
    other.close()
  })
})

describe("the bell's own filter, a course's unread ones,", () => {
  /** By which field's entries rows are found. */
  const leadOf = async (courseId: number) => {
    const conditions = [{ field: course, operator: "eq", values: [courseId] }] as const
    const statements = await listed({ unread: true, conditions })
    const walks = statements.filter(({ sql }) => sql.includes("FROM entry") && sql.includes("ORDER BY id DESC"))
    const walked = new Set(walks.map(({ values }) => Number(values[0])))
    const { definition } = database.prepare("SELECT definition FROM field WHERE id = ?").get(...walked) ?? {}
    return { definition, walked: walked.size }
  }

  test("follows the course while many are unread, and what is unread when that is little", async () => {
    expect(await leadOf(5)).toEqual({ definition: definitionOf(course), walked: 1 })
    // Neither is few.
    expect(await leadOf(6)).toEqual({ definition: definitionOf(course), walked: 1 })
    database.exec("UPDATE notification SET read_at = '' WHERE id > (SELECT id FROM notification LIMIT 1 OFFSET 30)")
    expect(await leadOf(6)).toEqual({ definition: UNREAD, walked: 1 })
    expect(await leadOf(5)).toEqual({ definition: definitionOf(course), walked: 1 })
  })
})
