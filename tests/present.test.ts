import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test"
import fc from "fast-check"
import { type CacheOptions, cachedDirectory } from "../src/directory/cached.ts"
import type { Directory } from "../src/directory/directory.ts"
import type { JsonObject } from "../src/json.ts"
import { kinds } from "../src/kinds/kinds.ts"
import { languages, locales } from "../src/locales/locales.ts"
import type { Notification } from "../src/notification.ts"
import { presenter } from "../src/present.ts"
import { type Trouble, troubledDirectory } from "./directory/troubled.ts"
import { until } from "./until.ts"

const notify = (type: string, data: JsonObject, student = 7, id = 1): Notification => ({
  id,
  position: id,
  educator: 42,
  student,
  source: "lms",
  eventId: `event-${id}`,
  type,
  occurredAt: "2026-11-22T05:30:00.000Z",
  reason: "course",
  readAt: null,
  data,
})

describe("presenting", () => {
  let directory: Directory
  let trouble: Trouble
  beforeEach(async () => {
    ;({ directory, trouble } = await troubledDirectory())
  })
  afterEach(() => directory.close())

  const presenting = (options: Partial<CacheOptions> = {}) => {
    const { find } = cachedDirectory(directory, { report() {}, ...options })
    return presenter({ find, timeZone: "Asia/Seoul" })
  }
  const handIn = notify("assignment.submitted", { assignmentId: 9, courseId: 3, late: false, room: "3-1" })

  test("adds names, texts and the rows that the data names", async () => {
    expect(await presenting()([handIn], "ko")).toEqual([
      {
        notification: handIn,
        student: { userId: "minsu", name: "김민수" },
        title: "과제 제출",
        body: "김민수 학생이 ‘3장 과제’를 제출했습니다.",
        detail: {
          ...handIn.data,
          course: { id: 3, name: "중1 수학" },
          assignment: { id: 9, courseId: 3, name: "3장 과제", dueAt: "2026-11-27T09:00:00.000Z" },
        },
      },
    ])
  })

  test("costs a handful of queries for a burst of one class, and none the second time", async () => {
    const present = presenting()
    const burst = Array.from({ length: 200 }, (_, index) => {
      const student = 1 + (index % 12)
      const [type, data] = [
        ["assignment.submitted", { assignmentId: 8 + (index % 4), courseId: 3 }],
        ["quiz.graded", { quizId: 1 + (index % 3), courseId: 3, score: 8, max: 10 }],
        ["lesson.completed", { lessonId: 1 + (index % 4), courseId: 3 }],
      ][index % 3] as [string, JsonObject]
      return notify(type, data, student, index)
    })
    const presented = await Promise.all(burst.map((notification) => present([notification], "ko")))
    expect(presented.flat().map(({ notification }) => notification)).toEqual(burst)
    expect(presented.flat().every(({ student, detail }) => student && "course" in detail)).toBe(true)
    expect(trouble.queries.map((query) => query.split(" ")[0]).toSorted()).toEqual([
      "assignment",
      "course",
      "lesson",
      "quiz",
      "student",
    ])

    await present(burst, "en")
    expect(trouble.queries).toHaveLength(5)
  })

  test("goes on with ids when the directory is late, and with names when it is back", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    trouble.gate = promise
    const present = presenting({ deadline: 100 })
    const start = performance.now()
    const burst = await Promise.all(Array.from({ length: 50 }, () => present([handIn], "ko")))
    expect(performance.now() - start).toBeWithin(95, 2500)
    for (const [presented] of burst)
      expect(presented).toEqual({
        notification: handIn,
        student: null,
        title: "과제 제출",
        body: "학생 7이 과제 9를 제출했습니다.",
        detail: handIn.data,
      })

    resolve()
    await until(async () => (await present([handIn], "ko"))[0]?.body === "김민수 학생이 ‘3장 과제’를 제출했습니다.")
  })

  test("goes on at once when the directory fails, with the names it has", async () => {
    const present = presenting()
    await present([notify("lab.entered", {})], "ko")
    trouble.failure = new Error("gone")
    const [presented] = await present([handIn], "ko")
    expect(presented?.body).toBe("김민수 학생이 과제 9를 제출했습니다.")
    delete trouble.failure
    expect((await present([handIn], "ko"))[0]?.body).toBe("김민수 학생이 ‘3장 과제’를 제출했습니다.")
  })

  test("falls back to the generic text for data of another time", async () => {
    const old = notify("assignment.submitted", { assignment: "nine", course: "old" })
    const [presented] = await presenting()([old], "ko")
    expect(presented).toMatchObject({ title: "새 활동", detail: { assignment: "nine", course: "old" } })
  })

  test("falls back to the generic text when a kind's own words throw, for that one alone", async () => {
    using _ = spyOn(locales.ko.kinds["assignment.submitted"], "body").mockImplementationOnce(() => {
      throw new Error("no words")
    })
    const [broken, whole] = await presenting()([handIn, handIn], "ko")
    expect(broken?.body).toContain("김민수")
    expect(whole?.body).toBe("김민수 학생이 ‘3장 과제’를 제출했습니다.")
  })

  test("presents an empty list, and keeps the order of a long one", async () => {
    const present = presenting()
    expect(await present([], "ko")).toEqual([])
    const many = Array.from({ length: 100 }, (_, index) => notify("lab.entered", {}, 7, 100 - index))
    expect((await present(many, "en")).map(({ notification }) => notification)).toEqual(many)
  })

  test("never throws, whatever history holds", async () => {
    const present = presenting()
    const value = fc.oneof(
      fc.jsonValue(),
      fc.integer({ min: 1, max: 12 }),
      fc.maxSafeNat(),
      fc.boolean(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom("present", "late", "absent", "excused"),
    )
    const members = [...new Set(kinds.flatMap(({ data }) => Object.keys(data.shape))), "course", "__proto__"]
    const data = fc.dictionary(fc.oneof(fc.constantFrom(...members), fc.string()), value, { maxKeys: 12 })
    const type = fc.oneof(fc.constantFrom(...kinds.map(({ type }) => type)), fc.string())
    const student = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.maxSafeNat())
    await fc.assert(
      fc.asyncProperty(type, data, student, fc.constantFrom(...languages), async (type, data, student, language) => {
        const [presented] = await present([notify(type, data as JsonObject, student)], language)
        expect(presented?.title).not.toBe("")
        expect(presented?.body).not.toBe("")
        expect(JSON.parse(JSON.stringify(presented?.detail))).toMatchObject({})
      }),
      { numRuns: 1000 },
    )
  })
})
