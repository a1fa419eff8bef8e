import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import fc from "fast-check"
import type { Field } from "../../src/history/condition.ts"
import type { Query } from "../../src/history/inbox.ts"
import { openFile } from "../../src/history/sqlite-file.ts"
import { indexer } from "../../src/history/sqlite-index.ts"
import { marker } from "../../src/history/sqlite-marks.ts"
import { type Reader, readerOf } from "../../src/history/sqlite-reader.ts"
import { recorder } from "../../src/history/sqlite-record.ts"
import { upkeepOf } from "../../src/history/sqlite-upkeep.ts"
import { Problem } from "../../src/problem.ts"

const folder = mkdtempSync(join(tmpdir(), "allim-index-"))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const newFile = () => join(folder, `${files++}.sqlite`)

const NOW = Date.UTC(2026, 10, 22)
const READ_AT = "2026-11-23T00:00:00.000Z"
const EDUCATORS = [41, 42, 43]
const score: Field = { path: "score", type: "number" }
const room: Field = { path: "room", type: "string" }

/** What should be there of one notification. */
type Known = { educator: number; student: number; score: number; room: string; unread: boolean }

/** A file, of which entries are made when a test says so, and what it should hold. */
class World {
  readonly path = newFile()
  readonly known = new Map<number, Known>()
  fields: readonly Field[] = [score]
  database: DatabaseSync
  read: Reader
  index: ReturnType<typeof indexer>
  #events = 0

  constructor(fields: readonly Field[] = [score]) {
    this.fields = fields
    this.database = openFile(this.path, fields)
    this.read = readerOf(this.database)
    this.index = indexer(this.database, 1)
  }

  /** As if the process had been killed where it stands. */
  reopen(fields = this.fields) {
    this.database.close()
    this.fields = fields
    this.database = openFile(this.path, fields)
    this.read = readerOf(this.database)
    this.index = indexer(this.database, 1)
  }

  /** So many events, of each of which all educators are told. */
  record(events: number) {
    const about = Array.from({ length: events }, () => {
      const event = this.#events++
      return { event, student: event % 2, score: event % 3, room: "abc".charAt(event % 3) }
    })
    const drafts = about.map(({ event, student, score, room }) => ({
      event: {
        source: "lms",
        eventId: `${event}`,
        type: "a",
        occurredAt: "",
        student,
        data: JSON.stringify({ score, room }),
      },
      educators: EDUCATORS,
      reasons: EDUCATORS.map(() => "named" as const),
    }))
    for (const [index, recorded] of recorder(this.database)(drafts, NOW).recorded.entries())
      for (const [place, id] of ("told" in recorded ? recorded.told : []).entries()) {
        const { event: _, ...values } = about[index] as (typeof about)[0]
        this.known.set(id, { educator: EDUCATORS[place] as number, unread: true, ...values })
      }
  }

  /** Every so many-th of what is there. */
  some(every: number) {
    return [...this.known.keys()].filter((_, index) => index % every === 0)
  }

  async erase(ids: readonly number[]) {
    await upkeepOf(this.database).erase(ids)
    for (const id of ids) this.known.delete(id)
  }

  async mark(educator: number, selection: { ids: readonly number[] } | { all: true }) {
    const { ids, unread } = await marker(this.database)(educator, selection, READ_AT)
    const marked = [...this.known].filter(
      ([id, known]) =>
        known.educator === educator && known.unread && ("all" in selection || selection.ids.includes(id)),
    )
    for (const [, known] of marked) known.unread = false
    expect(ids).toEqual(newestFirst(marked.map(([id]) => id)).slice(0, 1_000))
    expect(unread).toBe([...this.known.values()].filter((each) => each.educator === educator && each.unread).length)
  }

  finish() {
    while (this.index.step());
  }

  close() {
    this.database.close()
    rmSync(this.path)
  }
}

const newestFirst = (ids: readonly number[]) => ids.toSorted((a, b) => b - a)

/** Whatever is asked is answered by what should be there, whole and each once; and no entry leads astray. */
async function check(world: World) {
  await checkAnswers(world)
  checkEntries(world.database)
}

async function checkAnswers({ read, known, fields }: World) {
  const educator = 42
  const idsOf = (meets: (each: Known) => boolean) =>
    newestFirst([...known].filter(([, each]) => each.educator === educator && meets(each)).map(([id]) => id))
  const list = async (query: Partial<Query>) => {
    const rows = await read.list({ educator, limit: 100_000, ...query })
    return rows.map(({ id }) => id)
  }
  expect(await list({})).toEqual(idsOf(() => true))
  expect(await list({ unread: true })).toEqual(idsOf(({ unread }) => unread))
  expect(await list({ student: 1 })).toEqual(idsOf(({ student }) => student === 1))
  for (const field of fields) {
    const value = field === score ? 1 : "b"
    for (const operator of ["eq", "gte"] as const)
      try {
        const found = await list({ conditions: [{ field, operator, values: [value] }] })
        expect(found).toEqual(
          idsOf((each) => {
            const held = field === score ? each.score : each.room
            return operator === "eq" ? held === value : held >= value
          }),
        )
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        expect(error.code).toBe("index_unfinished")
      }
  }
  const all = [...known.keys()].sort((a, b) => a - b)
  for (const after of [0, all[Math.floor(all.length / 2)] ?? 0]) {
    const { entries, more } = read.since({ educators: EDUCATORS, after, limit: 100_000 })
    expect(entries.map(({ id }) => id)).toEqual(all.filter((id) => id > after))
    expect(more).toBe(false)
  }
}

/** No entry says what is not so, and none lacks of what has its entries; an event is there as long as anybody was told. */
function checkEntries(database: DatabaseSync) {
  const fields = database.prepare("SELECT id, definition, cursor FROM field WHERE definition IS NOT NULL").all()
  const { merged } = database.prepare("SELECT merged FROM store").get() ?? {}
  for (const { id, definition, cursor } of fields) {
    const right = `SELECT n.educator, ${definition} AS value, n.id FROM notification AS n JOIN event AS e ON e.id = n.event
      WHERE value IS NOT NULL`
    const there = `SELECT educator, value, id FROM entry WHERE field = ${id}`
    expect(database.prepare(`${there} EXCEPT ${right}`).all()).toEqual([])
    if (cursor === null) expect(database.prepare(`${right} AND n.id <= ${merged} EXCEPT ${there}`).all()).toEqual([])
  }
  const untold = "SELECT id FROM event WHERE id NOT IN (SELECT event FROM notification)"
  expect(database.prepare(untold).all()).toEqual([])
}

/** All is done, and nothing is left of what is not declared. */
async function checkDone(world: World) {
  world.finish()
  await check(world)
  const left = `SELECT (SELECT count(*) FROM fresh) AS fresh, (SELECT count(*) FROM field) AS fields,
    (SELECT count(*) FROM entry WHERE field NOT IN (SELECT id FROM field)) AS entries`
  expect({ ...world.database.prepare(left).get() }).toEqual({ fresh: 0, fields: 3 + world.fields.length, entries: 0 })
}

describe("entries are made", () => {
  // 2,100 rows: at least three portions, as they grow.
  const EVENTS = 700

  test("so that nothing is lost or doubled, wherever a process dies", async () => {
    for (const steps of [1, 2, 3]) {
      const world = new World()
      world.record(10)
      world.finish()
      world.record(EVENTS)
      for (let step = 0; step < steps; step++) world.index.step()
      await check(world)
      world.reopen()
      await check(world)
      world.record(2)
      await world.mark(42, { all: true })
      await check(world)
      await checkDone(world)
      world.close()
    }
  })

  test("of what was recorded before its field was declared, and go on where a process has died", async () => {
    for (const steps of [1, 2]) {
      const world = new World()
      world.record(EVENTS)
      world.finish()
      world.reopen([score, room])
      await check(world)
      const cursor = () => world.database.prepare("SELECT cursor FROM field ORDER BY id DESC").get()?.cursor
      for (let step = 0; step < steps; step++) {
        const before = cursor()
        world.index.step()
        expect(cursor()).not.toBe(before as string)
        await check(world)
      }
      world.reopen()
      await checkDone(world)
      // And they go with their field.
      world.reopen([])
      await checkDone(world)
      world.close()
    }
  })

  test("as it is after reading and erasing amid it", async () => {
    const world = new World()
    world.record(EVENTS)
    world.index.step()
    await world.mark(42, { ids: world.some(2) })
    await world.erase(world.some(3))
    await check(world)
    world.index.step()
    world.record(1)
    await world.mark(41, { all: true })
    await world.erase(world.some(5))
    await check(world)
    await checkDone(world)
    await world.erase(world.some(1))
    await check(world)
    expect({ ...world.database.prepare("SELECT count(*) AS entries FROM entry").get() }).toEqual({ entries: 0 })
    world.close()
  })

  test("by two processes, of which one comes further", async () => {
    const world = new World()
    world.record(EVENTS)
    world.index.step()
    world.record(1)
    const other = openFile(world.path, world.fields)
    const index = indexer(other, 1)
    while (index.step());
    other.close()
    await check(world)
    await checkDone(world)
    world.close()
  })

  test("of all rows for a field that another process declares amid it", async () => {
    const world = new World()
    world.record(EVENTS)
    world.index.step()
    world.fields = [score, room]
    const other = openFile(world.path, world.fields)
    const index = indexer(other, Number.POSITIVE_INFINITY)
    while (index.step());
    other.close()
    await check(world)
    await checkDone(world)
    world.close()
  })

  test("and more of one value than a step looks at are all found, in a range as well", async () => {
    const world = new World()
    world.record(3_300)
    await checkDone(world)
    world.close()
  })

  test("and a read that is cut off says so", () => {
    const world = new World([])
    world.record(4)
    world.finish()
    const ids = [...world.known].filter(([, { educator }]) => educator === 42).map(([id]) => id)
    for (const limit of [1, 3, 4]) {
      const { entries, more } = world.read.since({ educators: [42], after: 0, limit })
      expect([entries.map(({ id }) => id), more]).toEqual([ids.slice(0, limit), limit < 4])
    }
    world.close()
  })

  test("whatever happens between the portions", async () => {
    const action = fc.oneof(
      fc.record({ name: fc.constant("record" as const), events: fc.constantFrom(1, 200, 500) }),
      fc.record({ name: fc.constant("step" as const), times: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ name: fc.constant("erase" as const), every: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ name: fc.constant("read" as const), every: fc.integer({ min: 1, max: 5 }) }),
      fc.constant({ name: "read all" as const }),
      fc.record({
        name: fc.constant("open" as const),
        fields: fc.constantFrom([], [score], [room], [room, score]),
      }),
    )
    const actions = fc.array(action, { minLength: 3, maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(actions, async (actions) => {
        const world = new World()
        world.record(300)
        for (const action of actions) {
          if (action.name === "record") world.record(action.events)
          if (action.name === "step") for (let step = 0; step < action.times; step++) world.index.step()
          if (action.name === "erase") await world.erase(world.some(action.every))
          if (action.name === "read") await world.mark(42, { ids: world.some(action.every) })
          if (action.name === "read all") await world.mark(42, { all: true })
          if (action.name === "open") world.reopen(action.fields)
          await check(world)
        }
        await checkDone(world)
        world.close()
      }),
      { numRuns: 20 },
    )
  })
})
