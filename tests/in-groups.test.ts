import { afterAll, beforeEach, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import type { Draft, History, Outcome } from "../src/history/history.ts"
import { sqliteHistory } from "../src/history/sqlite.ts"
import { inGroups } from "../src/in-groups.ts"
import { Problem } from "../src/problem.ts"
import { draft, drafts, inShort, notificationsOf, unrecordable } from "./history/drafts.ts"
import { until } from "./until.ts"

type RecordDrafts = History["record"]

describe("group commit", () => {
  const folder = mkdtempSync(join(tmpdir(), "allim-group-commit-"))
  const history = sqliteHistory({ path: join(folder, "history.sqlite"), fields: [] })
  afterAll(async () => {
    await history.close()
    rmSync(folder, { recursive: true })
  })

  /** How many drafts each write had. */
  let writes: number[] = []
  beforeEach(() => {
    writes = []
  })
  const counted: RecordDrafts = (drafts) => {
    writes.push(drafts.length)
    return history.record(drafts)
  }
  /** Waits with its first write until it is let go. */
  const gated = (record: RecordDrafts) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const wait: RecordDrafts = async (drafts) => {
      const write = record(drafts)
      await promise
      return write
    }
    return { record: wait, letGo: resolve }
  }
  const eventIds = (drafts: readonly Draft[]) => drafts.map(({ event }) => event.id)

  test("calls of one turn share a write, and each gets its own outcomes", async () => {
    const record = inGroups(counted)
    const calls = Array.from({ length: 100 }, (_, index) => drafts(1 + (index % 3), [42]))
    const answers = await Promise.all(calls.map(record))
    expect(writes).toHaveLength(1)
    for (const [index, call] of calls.entries())
      expect(notificationsOf(answers[index] ?? []).map(({ eventId }) => eventId)).toEqual(eventIds(call))
  })

  test("a lone call is not held up, and one event in two calls is recorded once", async () => {
    const record = inGroups(counted)
    const same = draft([42])
    expect(inShort(await record([same]))).toEqual([1])
    const again = draft([42])
    const both = (await Promise.all([record([again]), record([again])])).flat()
    expect(inShort(both)).toEqual([1, "duplicate"])
    expect(await record([])).toEqual([])
    expect(writes).toEqual([1, 2, 0])
  })

  test("calls that arrive during a write go together in the next", async () => {
    const { record: slow, letGo } = gated(counted)
    const record = inGroups(slow)
    const first = record([draft([42])])
    await until(() => writes.length === 1)
    const others = Array.from({ length: 10 }, async () => {
      await new Promise(setImmediate)
      return record([draft([42])])
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(writes).toEqual([1])
    letGo()
    await Promise.all([first, ...others])
    expect(writes).toEqual([1, 10])
  })

  test("requests that a server answers at once share writes", async () => {
    const record = inGroups(counted)
    await using server = Bun.serve({
      port: 0,
      async fetch(request) {
        const outcomes = await record([draft([42], { id: `post-${await request.text()}` })])
        return new Response(notificationsOf(outcomes)[0]?.eventId)
      },
    })
    const post = async (body: string) => (await fetch(server.url, { method: "POST", body })).text()
    const bodies = Array.from({ length: 64 }, (_, index) => String(index))
    expect(await Promise.all(bodies.map(post))).toEqual(bodies.map((body) => `post-${body}`))
    expect(writes.length).toBeLessThan(32)
  })

  test("a draft that cannot be recorded fails alone, in one write with the others", async () => {
    const record = inGroups(counted)
    const good = Array.from({ length: 127 }, () => record([draft([77])]))
    expect(inShort(await record([draft([77]), unrecordable(77)]))).toEqual([1, "failed"])
    expect(inShort((await Promise.all(good)).flat())).toEqual(Array.from({ length: 127 }, () => 1))
    expect(await history.unread(77)).toBe(128)
    expect(writes).toEqual([129])
  })

  test("what is unknown is told to each call for its own drafts, and not asked again", async () => {
    const error = new Problem("unavailable", "away", { retryAfter: 1 })
    let asked = 0
    const record = inGroups(async (drafts: readonly Draft[]): Promise<Outcome[]> => {
      asked += 1
      return drafts.map(() => ({ status: "unknown", error }))
    })
    const answers = await Promise.all(Array.from({ length: 10 }, () => record(drafts(2, [42]))))
    for (const answer of answers) expect(inShort(answer)).toEqual(["unknown", "unknown"])
    expect(asked).toBe(1)
  })

  test("a history that rejects, as none should, rejects every call of that group and of no other", async () => {
    const broken = new Error("a bug")
    let asked = 0
    const record = inGroups((drafts: readonly Draft[]) =>
      asked++ === 0 ? Promise.reject(broken) : history.record(drafts),
    )
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => record([draft([42])])))
    expect(results.every((result) => result.status === "rejected" && result.reason === broken)).toBe(true)
    expect(asked).toBe(1)
    expect(inShort(await record([draft([42])]))).toEqual([1])
  })

  test("what waits is bounded, and there is room again afterwards", async () => {
    const { record: slow, letGo } = gated(counted)
    const record = inGroups(slow, { waiting: 10 })
    const first = record([draft([42])])
    await until(() => writes.length === 1)
    const waiting = [record(drafts(4, [42])), record(drafts(6, [42]))]
    const refused = (await record([draft([42])]).catch((error) => error)) as Problem
    expect([refused.code, refused.retryAfter]).toEqual(["unavailable", 1])
    letGo()
    await Promise.all([first, ...waiting, record([])])
    expect((await record(drafts(10, [42]))).length).toBe(10)
  })

  test("a group is bounded by what its items weigh, and a call that is heavier goes alone", async () => {
    const sizes: number[][] = []
    const record = inGroups(
      async (items: readonly number[]) => {
        sizes.push([...items])
        return items.map(() => "done")
      },
      { weigh: (item) => item, most: { count: 4, weight: 10 } },
    )
    const calls = [[3, 3], [4], [1], [1, 1], [1], [20], [1]]
    const answers = await Promise.all(calls.map(record))
    expect(answers.map(({ length }) => length)).toEqual([2, 1, 1, 2, 1, 1, 1])
    expect(sizes).toEqual([[3, 3, 4], [1, 1, 1, 1], [20], [1]])
  })

  test("what waits is bounded by what it weighs, but for a call that alone is more", async () => {
    const record = inGroups(async (items: readonly number[]) => [...items], { weigh: (item) => item, waiting: 10 })
    const heavy = record([50])
    const refused = (await record([1]).catch((error) => error)) as Problem
    expect(refused.code).toBe("unavailable")
    expect(await heavy).toEqual([50])
    const fits = record([4, 5])
    await expect(record([2])).rejects.toThrow("wait")
    expect(await Promise.all([fits, record([1])])).toEqual([[4, 5], [1]])
  })

  test("groups keep the order and the limit, and no call is split", async () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 10 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(sizes, async (turns) => {
        const groups: string[][] = []
        const record = inGroups(
          (drafts: readonly Draft[]) => {
            groups.push(eventIds(drafts))
            return history.record(drafts)
          },
          { most: { count: 10, weight: 10 } },
        )
        const calls = turns.map((turn) => turn.map((size) => drafts(size, [])))
        const answers: Promise<unknown>[] = []
        for (const turn of calls) {
          answers.push(...turn.map(record))
          await new Promise(setImmediate)
        }
        await Promise.all(answers)
        expect(groups.flat()).toEqual(calls.flat().flatMap(eventIds))
        const ends = new Set(groups.map((group) => group.at(-1)))
        for (const group of groups) if (group.length > 10) expect(calls.flat().map(eventIds)).toContainEqual(group)
        for (const call of calls.flat()) for (const id of eventIds(call).slice(0, -1)) expect(ends).not.toContain(id)
      }),
      { numRuns: 100 },
    )
  })
})
