import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { withDeadlines } from "../../src/deadline.ts"
import { type CacheOptions, cachedDirectory } from "../../src/directory/cached.ts"
import type { WritableDirectory } from "../../src/directory/directory.ts"
import { until } from "../until.ts"
import { type Trouble, troubledDirectory } from "./troubled.ts"

describe("the cached directory", () => {
  let directory: WritableDirectory
  let trouble: Trouble
  let reports: unknown[]
  const cached = (options: Partial<CacheOptions> = {}) =>
    cachedDirectory(directory, { report: (...report) => void reports.push(report), ...options })

  beforeEach(async () => {
    reports = []
    ;({ directory, trouble } = await troubledDirectory())
  })
  afterEach(() => directory.close())

  test("asks once for what is asked for in one tick, and not again while it is fresh", async () => {
    const { find } = cached()
    const found = await Promise.all([
      find("student", [7, 8]),
      find("student", [8, 7]),
      find("student", [9]),
      find("course", [3]),
    ])
    expect(found.map((rows) => [...rows.keys()])).toEqual([[7, 8], [8, 7], [9], [3]])
    await find("student", [7, 8, 9, 10])
    expect(trouble.queries).toEqual(["student 7,8,9", "course 3", "student 10"])
  })

  test("shares a query that is under way", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    trouble.gate = promise
    const { find } = cached({ deadline: 10_000 })
    const first = find("student", [7])
    await until(() => trouble.queries.length === 1)
    const second = find("student", [7])
    resolve()
    expect(await first).toEqual(await second)
    expect(trouble.queries).toHaveLength(1)
  })

  test("asks again for what was not there, sooner than for what was", async () => {
    const { find } = cached({ missingTtl: 1 })
    await find("student", [7, 99])
    await until(async () => (await find("student", [7, 99])) && trouble.queries.length > 1)
    expect(trouble.queries).toEqual(["student 7,99", "student 99"])
  })

  test("shows a change at once, also when an older answer is still under way", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { find, apply } = cached({ deadline: 10_000 })
    expect((await find("student", [7])).get(7)?.name).toBe("김민수")
    await apply({ students: [{ id: 7, userId: "minsu", name: "김민서" }] })
    expect((await find("student", [7])).get(7)?.name).toBe("김민서")

    await apply({})
    trouble.gate = promise
    const late = find("student", [7])
    await until(() => trouble.queries.length === 3)
    trouble.gate = Promise.resolve()
    await apply({ students: [{ id: 7, userId: "minsu", name: "김민재" }] })
    resolve()
    await late
    expect((await find("student", [7])).get(7)?.name).toBe("김민재")
  })

  test("answers with stale rows when the directory fails, tells of it once, and recovers", async () => {
    const { find } = cached({ ttl: 1, missingTtl: 1 })
    await find("student", [7])
    await until(async () => (await find("student", [7])) && trouble.queries.length > 1)

    trouble.failure = new Error("gone")
    const queries = trouble.queries.length
    await until(async () => {
      expect((await find("student", [7])).get(7)?.name).toBe("김민수")
      return trouble.queries.length > queries + 2
    })
    expect((await find("student", [8])).size).toBe(0)
    expect(reports).toEqual([["directory", trouble.failure]])

    delete trouble.failure
    expect((await find("student", [8])).get(8)?.name).toBe("윤시우")
  })

  test("waits for a late directory once, not for every look-up", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { find } = cached({ deadline: 100 })
    await find("student", [7])
    trouble.gate = promise
    const start = performance.now()
    for (let look = 0; look < 20; look++) expect([...(await find("student", [7, 8])).keys()]).toEqual([7])
    expect(performance.now() - start).toBeWithin(95, 1500)
    expect(reports).toHaveLength(1)

    resolve()
    await until(async () => (await find("student", [8])).has(8))
    expect(trouble.queries).toEqual(["student 7", "student 8"])
  })

  test("keeps no more rows than it may", async () => {
    const { find } = cached({ max: 2 })
    await find("student", [1, 2, 3])
    await find("student", [1, 3])
    expect(trouble.queries).toEqual(["student 1,2,3", "student 1"])
  })

  test("has all that the directory has, also of one that is held to deadlines", async () => {
    directory = withDeadlines(directory, { recipientsOf: 10_000, find: 10_000 })
    const { recipientsOf, replaceRoster, ping } = cached()
    await replaceRoster(3, { staff: [{ educator: 50, section: null }], students: [] })
    expect((await recipientsOf([{ student: 1, course: 3, works: [] }]))[0]?.recipients).toEqual([
      { educator: 50, reason: "course" },
    ])
    await ping()
  })

  test("never caches who is told", async () => {
    const { recipientsOf } = cached()
    const told = async () => (await recipientsOf([{ student: 1, course: 3, works: [] }]))[0]?.recipients
    expect(await told()).toEqual([{ educator: 42, reason: "course" }])
    await directory.apply({ advises: [{ educator: 50, student: 1 }] })
    expect(await told()).toEqual([
      { educator: 42, reason: "course" },
      { educator: 50, reason: "adviser" },
    ])
  })
})
