import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Event } from "../../src/event.ts"
import type { Field } from "../../src/history/condition.ts"
import type { Draft, History } from "../../src/history/history.ts"
import { type Inbox, MOST_MARKED_IDS } from "../../src/history/inbox.ts"
import type { Notices } from "../../src/history/notices.ts"
import type { Upkeep } from "../../src/history/upkeep.ts"
import { timeOf } from "../../src/id.ts"
import type { Notification } from "../../src/notification.ts"
import { Problem } from "../../src/problem.ts"
import type { Recipient } from "../../src/recipient.ts"
import * as arbitrary from "./arbitrary-conditions.ts"
import { catchUpContract } from "./catch-up-contract.ts"
import { draft, drafts, event, inShort, notificationsOf, to, unrecordable } from "./drafts.ts"
import { meets } from "./meets.ts"
import { noticesContract } from "./notices-contract.ts"

/** What one driver answers for all four ports. */
export type Store = History & Inbox & Upkeep & { notices: Notices }

/** A new, empty storage; each call of what it answers opens that storage once more, as another process would. */
export type NewStorage = () => Promise<(fields: readonly Field[]) => Promise<Store>>

const READ_AT = "2026-11-23T01:00:00.000Z"

/** What every history must do. */
export function historyContract(name: string, newStorage: NewStorage): void {
  describe(`${name}: a history`, () => {
    const opened: Store[] = []
    let openMore: (fields: readonly Field[]) => Promise<Store>
    let history: Store
    const another = async (fields = arbitrary.fields) => {
      const more = await openMore(fields)
      opened.push(more)
      return more
    }
    const closeAll = () => Promise.all(opened.splice(0).map((history) => history.close()))
    beforeEach(async () => {
      openMore = await newStorage()
      history = await another()
    })
    afterEach(closeAll)

    const record = async (...sent: Draft[]) => notificationsOf(await history.record(sent))
    const recordMany = (count: number, recipients: number[], about?: Partial<Event>) =>
      record(...drafts(count, recipients, about))
    const idsOf = (notifications: Notification[]) => notifications.map(({ id }) => id)
    const newestFirst = (notifications: Notification[]) => idsOf(notifications).sort((a, b) => b - a)

    describe("records", () => {
      test("an event as one notification for each recipient, and keeps it whole over a restart", async () => {
        const data = { courseId: 3, title: "3장 ‘과제’ 😀\0", nested: { list: [1, null, true, 0.1, "é"] }, __x: {} }
        const sent = event({ data, type: "assignment.submitted", student: Number.MAX_SAFE_INTEGER })
        const recipients: Recipient[] = [
          { educator: 42, reason: "section" },
          { educator: 43, reason: "adviser" },
        ]
        const outcomes = await history.record([{ event: sent, recipients }])
        const recorded = notificationsOf(outcomes)
        expect(inShort(outcomes)).toEqual([2])
        expect(recorded.map(({ educator }) => educator)).toEqual([42, 43])
        for (const notification of recorded) {
          const { source, id: eventId, type, occurredAt, student } = sent
          const { id, position, educator } = notification
          const told = { id, position, educator, reason: educator === 42 ? "section" : "adviser", readAt: null }
          const whole = { ...told, student, source, eventId, type, occurredAt, data } as Notification
          expect(notification).toEqual(whole)
          expect(await history.list({ educator, limit: 10 })).toEqual([whole])
          expect(await history.read([id])).toEqual([whole])
        }
        await history.close()
        history = await another()
        expect(await history.list({ educator: 42, limit: 10 })).toEqual(recorded.slice(0, 1))
        expect(await history.unread(42)).toBe(1)
      })

      test("one outcome for each draft, in order; nothing for nothing", async () => {
        const again = event()
        const outcomes = await history.record([
          { event: again, recipients: to(42) },
          draft([]),
          { event: again, recipients: to(42, 43) },
          draft([42, 43, 44]),
          { event: again, recipients: to(43, 42) },
        ])
        expect(inShort(outcomes)).toEqual([1, 0, 1, 3, "duplicate"])
        expect(await history.record([])).toEqual([])
      })

      test("an event sent again for those alone who were missing, also after a restart; another source's is another", async () => {
        const once = event()
        await history.record([{ event: once, recipients: to(42) }])
        const later = await another()
        const again = async (...educators: number[]) => later.record([{ event: once, recipients: to(...educators) }])
        expect(await again(42)).toEqual([{ status: "duplicate" }])
        const added = await again(42, 43, 44)
        expect(notificationsOf(added).map(({ educator }) => educator)).toEqual([43, 44])
        expect(inShort(added)).toEqual([2])
        expect(inShort(await again(44, 42, 43))).toEqual(["duplicate"])
        const other = await later.record([{ event: { ...once, source: "other" }, recipients: to(42) }])
        expect(inShort(other)).toEqual([1])
        expect(await history.unread(42)).toBe(2)
        expect(await history.unread(43)).toBe(1)
      })

      test("nothing of what reaches nobody: it is no duplicate, and is recorded once it has recipients", async () => {
        const lost = event()
        const nothing = { status: "recorded" as const, added: 0, notifications: [] }
        const send = async (...educators: number[]) =>
          (await history.record([{ event: lost, recipients: to(...educators) }]))[0]
        expect([await send(), await send()]).toEqual([nothing, nothing])
        expect(await history.newestAt()).toBe(0)
        expect(await send(42, 43)).toMatchObject({ status: "recorded", added: 2 })
        expect(await send(42, 43)).toEqual({ status: "duplicate" })
        expect(await send()).toEqual(nothing)
      })

      test("an event once, though copies race through two openings of the same storage", async () => {
        const other = await another()
        const racing = Array.from({ length: 50 }, () => event())
        const calls = racing.flatMap((event) =>
          [history, other, history, other].map((each, copy) =>
            each.record([{ event, recipients: copy % 2 ? to(42, 43) : to(43, 44) }]),
          ),
        )
        const outcomes = (await Promise.all(calls)).flat()
        expect(notificationsOf(outcomes)).toHaveLength(150)
        for (const educator of [42, 43, 44]) {
          const listed = await history.list({ educator, limit: 1000 })
          expect(listed.map(({ eventId }) => eventId).sort()).toEqual(racing.map(({ id }) => id).sort())
        }
        expect(await other.unread(43)).toBe(50)
      })

      test("the others of a call, when one cannot be: of that one nothing, and it may come again", async () => {
        const partly = draft([42, 1.5])
        const sent = [draft([42]), unrecordable(42), partly, draft([42, 43])]
        const outcomes = await history.record(sent)
        expect(inShort(outcomes)).toEqual([1, "failed", "failed", 2])
        for (const outcome of outcomes) if (outcome.status === "failed") expect(outcome.error).toBeInstanceOf(Error)
        const kept = await history.list({ educator: 42, limit: 10 })
        expect(kept.map(({ eventId }) => eventId)).toEqual([3, 0].map((place) => sent[place]?.event.id ?? ""))
        expect(await history.unread(42)).toBe(2)
        expect(inShort(await history.record([{ ...partly, recipients: to(42) }, ...sent.slice(0, 1)]))).toEqual([
          1,
          "duplicate",
        ])
      })

      test("with ids that are unique and grow, whoever records", async () => {
        const other = await another()
        const start = Date.now()
        const ids: number[] = []
        for (let round = 0; round < 20; round++)
          for (const each of [history, other]) {
            const recorded = await each.record(drafts(10, [42, 43]))
            ids.push(...idsOf(notificationsOf(recorded)))
          }
        expect(new Set(ids).size).toBe(800)
        expect(ids.every((id) => Number.isSafeInteger(id) && timeOf(id) >= start - 1)).toBe(true)
        expect(newestFirst(await history.list({ educator: 42, limit: 1000 }))).toHaveLength(400)
      })
    })

    describe("lists", () => {
      test("newest first, by type, student and what is unread, each narrowing the others", async () => {
        const all: Notification[] = []
        for (const type of ["a.b", "c.d"])
          for (const student of [7, 8]) all.push(...(await recordMany(4, [42], { type, student })))
        const read = all.filter((_, index) => index % 2 === 0)
        await history.markRead(42, { ids: idsOf(read) }, READ_AT)
        for (const type of [undefined, "a.b", "c.d", "A.B"])
          for (const student of [undefined, 7, 8, 9])
            for (const unread of [undefined, true, false]) {
              const narrowing = {
                ...(type && { type }),
                ...(student && { student }),
                ...(unread !== undefined && { unread }),
              }
              const expected = all.filter(
                (each) =>
                  (type === undefined || each.type === type) &&
                  (student === undefined || each.student === student) &&
                  (unread === undefined || read.includes(each) !== unread),
              )
              const listed = await history.list({ educator: 42, limit: 100, ...narrowing })
              expect(idsOf(listed)).toEqual(newestFirst(expected))
            }
      })

      test("by conditions on the data as plain comparisons would", async () => {
        let educator = 1000
        await fc.assert(
          fc.asyncProperty(
            fc.array(arbitrary.data, { minLength: 1, maxLength: 12 }),
            fc.array(arbitrary.conditions, { minLength: 10, maxLength: 20 }),
            async (datas, queries) => {
              educator += 1
              const all = await record(...datas.map((data) => draft([educator, 42], { data })))
              const own = all.filter((each) => each.educator === educator)
              for (const conditions of queries) {
                const expected = own.filter(({ data }) => conditions.every((condition) => meets(condition, data)))
                const listed = await history.list({ educator, limit: 100, conditions })
                expect(idsOf(listed)).toEqual(newestFirst(expected))
              }
            },
          ),
          { numRuns: 150 },
        )
      })

      test("dates as instants, whatever their offsets", async () => {
        const field = { path: "openedAt", type: "date" } as const
        const same = ["2026-11-22T14:30:00+09:00", "2026-11-22T05:30:00Z", "2026-11-21T21:30:00.000-08:00"]
        const later = "2026-11-22T05:30:00.001Z"
        for (const openedAt of [...same, later, "2026-11-22", "today", 20261122, null]) {
          await recordMany(1, [42], { data: { openedAt } })
        }
        const found = async (operator: "eq" | "lt" | "gt" | "gte", value: string) =>
          (await history.list({ educator: 42, limit: 10, conditions: [{ field, operator, values: [value] }] }))
            .map(({ data }) => data.openedAt)
            .reverse()
        expect(await found("eq", "2026-11-22T05:30:00.000Z")).toEqual(same)
        expect(await found("gt", "2026-11-22T05:30:00.000Z")).toEqual([later])
        expect(await found("gte", "2026-11-22T05:30:00.000Z")).toEqual([...same, later])
        expect(await found("lt", "2026-11-22T05:30:00.000Z")).toEqual(["2026-11-22"])
      })

      test("true and 1 as different, and text as it is written", async () => {
        for (const late of [true, 1, "true", "1"])
          await recordMany(1, [42], { data: { late, score: late, room: late } })
        const values = async (path: string, type: Field["type"], value: string | number | boolean) => {
          const conditions = [{ field: { path, type }, operator: "eq" as const, values: [value] }]
          return (await history.list({ educator: 42, limit: 10, conditions })).map(({ data }) => data.late)
        }
        expect(await values("late", "boolean", true)).toEqual([true])
        expect(await values("score", "number", 1)).toEqual([1])
        expect(await values("room", "string", "1")).toEqual(["1"])
        expect(await values("room", "string", "1' OR 'a'='a")).toEqual([])
      })

      test("only declared fields", async () => {
        for (const path of ["other", "score') OR 1=1 --", "__proto__", "a.$ne"]) {
          const conditions = [{ field: { path, type: "number" as const }, operator: "eq" as const, values: [1] }]
          expect(await history.list({ educator: 42, limit: 10, conditions }).catch((error) => error)).toBeInstanceOf(
            Error,
          )
        }
      })

      test("pages that hold what was there at first, each once, while more is recorded", async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.integer({ min: 1, max: 5 }),
            fc.array(fc.nat({ max: 3 }), { minLength: 12, maxLength: 12 }),
            fc.integer({ min: 100_000, max: Number.MAX_SAFE_INTEGER }),
            fc.boolean(),
            async (limit, arrivals, educator, unread) => {
              await recordMany(10, [educator])
              const before = await history.list({ educator, limit: 1000 })
              const seen: number[] = []
              for (const arriving of arrivals) {
                const page = await history.list({
                  educator,
                  limit,
                  ...(unread && { unread }),
                  ...(seen.length > 0 && { before: seen.at(-1) }),
                })
                seen.push(...idsOf(page))
                if (page.length < limit) break
                await recordMany(arriving, [educator, 42])
              }
              expect(seen).toEqual(idsOf(before).slice(0, seen.length))
              expect(seen.length).toBeGreaterThanOrEqual(Math.min(before.length, limit * arrivals.length))
            },
          ),
          { numRuns: 30 },
        )
      })
    })

    describe("marks", () => {
      test("what is unread, once; what was read before keeps its time", async () => {
        const [first = 0, second = 0, third = 0] = idsOf(await recordMany(3, [42]))
        expect(await history.markRead(42, { ids: [first, third, 999, 1.5] }, READ_AT)).toEqual({
          ids: [third, first],
          readAt: READ_AT,
          unread: 1,
        })
        const later = "2026-11-24T00:00:00.000Z"
        expect(await history.markRead(42, { ids: [first, second, second] }, later)).toEqual({
          ids: [second],
          readAt: later,
          unread: 0,
        })
        const listed = await history.list({ educator: 42, limit: 10 })
        expect(listed.map(({ readAt }) => readAt)).toEqual([READ_AT, later, READ_AT])
      })

      test("a thousand ids at once", async () => {
        const ids = newestFirst(await recordMany(1000, [42]))
        expect(await history.markRead(42, { ids }, READ_AT)).toEqual({ ids, readAt: READ_AT, unread: 0 })
      })

      test("everything, naming only the newest", async () => {
        const ids = newestFirst(await recordMany(2 * MOST_MARKED_IDS + 500, [42, 43]))
        const mine = newestFirst(await history.list({ educator: 42, limit: 10_000 }))
        expect(await history.markRead(42, { all: true }, READ_AT)).toEqual({
          ids: mine.slice(0, MOST_MARKED_IDS),
          readAt: READ_AT,
          unread: 0,
        })
        expect((await history.markRead(42, { all: true }, READ_AT)).ids).toEqual([])
        expect(await history.list({ educator: 42, limit: 10, unread: true })).toEqual([])
        expect(await history.unread(43)).toBe(ids.length / 2)
      })
    })

    test("shows and marks nothing of another educator's", async () => {
      const theirs = idsOf(await recordMany(3, [43]))
      expect(await history.list({ educator: 42, limit: 10 })).toEqual([])
      expect((await history.since({ educators: [42], after: 0, limit: 10 })).entries).toEqual([])
      expect(await history.unread(42)).toBe(0)
      expect((await history.markRead(42, { ids: theirs }, READ_AT)).ids).toEqual([])
      expect((await history.markRead(42, { all: true }, READ_AT)).ids).toEqual([])
      expect(await history.unread(43)).toBe(3)
    })

    test("counts what is unread exactly, through whatever happens", async () => {
      const step = fc.oneof(
        fc.record({ step: fc.constant("record" as const), count: fc.integer({ min: 1, max: 6 }) }),
        fc.record({ step: fc.constant("read" as const), places: fc.array(fc.nat({ max: 20 }), { maxLength: 5 }) }),
        fc.record({ step: fc.constant("readAll" as const) }),
        fc.record({ step: fc.constant("prune" as const), place: fc.nat({ max: 20 }) }),
        fc.record({ step: fc.constant("fail" as const) }),
      )
      let educator = 5000
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          educator += 2
          for (const what of steps) {
            const own = await history.list({ educator, limit: 1000 })
            if (what.step === "record") await recordMany(what.count, [educator, educator + 1])
            if (what.step === "read")
              await history.markRead(educator, { ids: what.places.map((place) => own[place]?.id ?? 1) }, READ_AT)
            if (what.step === "readAll") await history.markRead(educator, { all: true }, READ_AT)
            if (what.step === "prune") await history.prune(timeOf(own[what.place]?.id ?? 0))
            if (what.step === "fail") await history.record([draft([educator]), draft([educator, 1.5])])
            for (const each of [educator, educator + 1]) {
              const unread = await history.list({ educator: each, limit: 1000, unread: true })
              expect(await history.unread(each)).toBe(unread.length)
              expect(unread).toEqual((await history.list({ educator: each, limit: 1000 })).filter((one) => !one.readAt))
            }
          }
        }),
        { numRuns: 40 },
      )
    })

    test("forgets what is older than a moment, and that it was recorded; remembers how far it has forgotten", async () => {
      const old = draft([42])
      await record(old)
      await recordMany(2500, [42])
      await nextMillisecond()
      const kept = await recordMany(1, [42, 43])
      const before = timeOf(kept[0]?.id ?? 0)
      expect(await history.prunedTo()).toBe(0)
      expect(await history.prune(before)).toBe(2501)
      expect(idsOf(await history.list({ educator: 42, limit: 10 }))).toEqual(idsOf(kept.slice(0, 1)))
      expect(await history.unread(42)).toBe(1)
      expect(await history.prune(before - 5000)).toBe(0)
      expect(await (await another()).prunedTo()).toBe(before)
      expect(inShort(await history.record([old]))).toEqual([1])
      const later = Date.now() + 60_000
      expect(await history.prune(later)).toBe(3)
      expect(await history.unread(42)).toBe(0)
      expect(await history.prunedTo()).toBe(later)
    })

    test("tells the moment of the newest there ever was", async () => {
      expect(await history.newestAt()).toBe(0)
      const start = Date.now()
      const newest = Math.max(...idsOf(await recordMany(3, [42])))
      expect(timeOf(newest)).toBeWithin(start - 1, Date.now() + 2)
      expect(await history.newestAt()).toBe(timeOf(newest))
      await history.prune(Date.now() + 60_000)
      expect(await (await another()).newestAt()).toBe(timeOf(newest))
    })

    test("answers a ping, and is unavailable once it is closed, which is safe twice", async () => {
      await history.ping()
      await history.close()
      await history.close()
      const calls = [
        history.ping(),
        history.list({ educator: 42, limit: 1 }),
        history.since({ educators: [42], after: 0, limit: 1 }),
        history.read([1]),
        history.newestAt(),
        history.prunedTo(),
        history.unread(42),
        history.markRead(42, { all: true }, READ_AT),
        history.prune(1),
      ]
      const errors = await Promise.all(calls.map((call) => call.catch((reason) => reason)))
      const outcomes = await history.record([draft([42]), draft([])])
      expect(inShort(outcomes)).toEqual(["unknown", "unknown"])
      for (const outcome of outcomes) if (outcome.status === "unknown") errors.push(outcome.error)
      for (const error of errors) {
        expect(error).toBeInstanceOf(Problem)
        expect(error.code).toBe("unavailable")
        expect(error.retryAfter).toBe(1)
      }
      expect(() => history.learn(history.known)).not.toThrow()
    })
  })

  catchUpContract(name, newStorage)
  noticesContract(name, newStorage)
}

/** What is recorded from here on has a later moment than what was before. */
async function nextMillisecond() {
  for (const start = Date.now(); Date.now() <= start; ) await new Promise(setImmediate)
}
