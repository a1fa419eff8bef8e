import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { keyOf, type Notice } from "../../src/history/notices.ts"
import { timeOf } from "../../src/id.ts"
import { Problem } from "../../src/problem.ts"
import type { NewStorage, Store } from "./contract.ts"
import { draft, drafts, inShort, notificationsOf } from "./drafts.ts"

const DAY = 86_400_000

/** What every store of notices must do, and what is taken out of history by them. */
export function noticesContract(name: string, newStorage: NewStorage): void {
  describe(`${name}: notices`, () => {
    let opened: Store[]
    let store: Store
    let other: Store
    beforeEach(async () => {
      const storage = await newStorage()
      opened = [await storage([]), await storage([])]
      ;[store, other] = opened as [Store, Store]
    })
    afterEach(() => Promise.all(opened.map((one) => one.close())))

    const withdrawn = (eventId: string, educators: number[] = [], source = "lms"): Notice => {
      return { kind: "withdrawn", source, eventId, educators }
    }
    const record = async (count: number, educators: number[], by = store) =>
      notificationsOf(await by.record(drafts(count, educators)))

    test("stand in one order with history, whoever posts and records", async () => {
      const positions: number[] = []
      for (const by of [store, other, store]) {
        positions.push((await by.notices.post(withdrawn("e"))).position)
        positions.push(...(await record(2, [42], by)).map(({ position }) => position))
      }
      expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b))
    })

    test("are all there, oldest first, up to a mark that history had before", async () => {
      const posted = [await store.notices.post(withdrawn("a", [42, 43])), await other.notices.post(withdrawn("b"))]
      await record(1, [42])
      const { mark } = await store.since({ educators: [42], limit: 10 })
      const all = await store.notices.since(0)
      expect(all.notices).toEqual(posted)
      expect(all.mark).toBeGreaterThanOrEqual(mark)
      expect((await other.notices.since(posted[0]?.position)).notices).toEqual(posted.slice(1))
      expect((await store.notices.since(all.mark)).notices).toEqual([])
      expect((await store.notices.since()).notices).toEqual(posted)
    })

    test("are known by source and id, and by whom they name", async () => {
      const ids = [`제출 "1"`, "a b", "a' OR 1", "a,b]"]
      for (const id of ids) await store.notices.post(withdrawn(id, [42]))
      const { position } = await store.notices.post(withdrawn("late", [43, 43]))
      const keys = [...ids, "a"].map((eventId) => ({ source: "lms", eventId }))
      expect(await other.notices.withdrawn(keys)).toEqual(keys.slice(0, ids.length))
      expect(await other.notices.withdrawn(keys.map((key) => ({ ...key, source: "school" })))).toEqual([])
      expect(await other.notices.withdrawn([])).toEqual([])
      const concerns = [
        [42, 0],
        [42, position - 1],
        [43, position - 1],
        [43, position],
        [44, 0],
      ] as const
      expect(await Promise.all(concerns.map(([who, after]) => other.notices.concern(who, after)))).toEqual([
        true,
        false,
        true,
        false,
        false,
      ])
    })

    test("outlive what they are about by a day, in which it may be sent again", async () => {
      const sent = draft([42])
      await store.record([sent])
      const { position } = await store.notices.post({ ...withdrawn("", [42]), ...keyOf(sent.event) })
      await store.prune(timeOf(position) + 1)
      expect(await store.notices.withdrawn([keyOf(sent.event)])).toHaveLength(1)
      expect(await store.notices.concern(42, 0)).toBe(true)
      await store.prune(timeOf(position) + DAY + 1)
      expect(await store.notices.withdrawn([keyOf(sent.event)])).toEqual([])
      expect(await store.notices.concern(42, 0)).toBe(false)
    })

    test("say which notifications bear their events, and these are erased for good", async () => {
      const [gone, kept] = [draft([42, 43]), draft([42])]
      await store.record([gone, kept])
      const { mark } = await store.since({ educators: [42], limit: 10 })
      const found = await other.bearing([keyOf(gone.event), { source: "lms", eventId: "none" }])
      expect(found.map(({ educator }) => educator)).toEqual([42, 43])
      expect(found).toMatchObject([keyOf(gone.event), keyOf(gone.event)])
      await other.erase(found.map(({ id }) => id))
      expect(await store.bearing([keyOf(gone.event)])).toEqual([])
      expect([await store.unread(42), await store.unread(43)]).toEqual([1, 0])
      expect(await store.list({ educator: 43, limit: 10 })).toEqual([])
      expect(await store.read(found.map(({ id }) => id))).toEqual([])
      const after = await store.since({ educators: [42, 43], after: 0, limit: 10 })
      expect(after.entries).toHaveLength(1)
      expect(after.mark).toBeGreaterThanOrEqual(mark)
      await other.erase([])
    })

    test("a thousand notifications are erased, and others have their turn between", async () => {
      const sent = draft(Array.from({ length: 1000 }, (_, index) => 1000 + index))
      await store.record([sent])
      let turns = 0
      const timer = setInterval(() => turns++, 0)
      await store.erase((await store.bearing([keyOf(sent.event)])).map(({ id }) => id))
      clearInterval(timer)
      expect(turns).toBeGreaterThan(1)
      expect(await store.bearing([keyOf(sent.event)])).toEqual([])
    })

    test("counts stay exact, whatever is recorded, read, erased and pruned in which order", async () => {
      const step = fc.oneof(
        fc.record({ what: fc.constant("record" as const), count: fc.integer({ min: 1, max: 4 }) }),
        fc.record({ what: fc.constant("erase" as const), place: fc.nat({ max: 8 }) }),
        fc.record({ what: fc.constant("read" as const), place: fc.nat({ max: 8 }) }),
        fc.record({ what: fc.constant("post" as const) }),
      )
      let educator = 7000
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          educator += 1
          for (const one of steps) {
            const own = await store.list({ educator, limit: 100 })
            const at = "place" in one ? own[one.place] : undefined
            if (one.what === "record") await record(one.count, [educator])
            if (one.what === "post") await other.notices.post(withdrawn("e", [educator]))
            if (one.what === "erase" && at) await other.erase([at.id])
            if (one.what === "read" && at) await store.markRead(educator, { ids: [at.id] }, "2026-11-23T01:00:00.000Z")
            const left = await other.list({ educator, limit: 100 })
            expect(await store.unread(educator)).toBe(left.filter(({ readAt }) => !readAt).length)
          }
        }),
        { numRuns: 30 },
      )
    })

    test("what was erased may be recorded anew: to refuse it is for whoever knows the notice", async () => {
      const sent = draft([42])
      await store.record([sent])
      await store.erase((await store.bearing([keyOf(sent.event)])).map(({ id }) => id))
      expect(inShort(await store.record([sent]))).toEqual([1])
    })

    test("are unavailable once the store is closed", async () => {
      await store.close()
      const { notices } = store
      const calls = [
        notices.post(withdrawn("e")),
        notices.since(),
        notices.withdrawn([{ source: "lms", eventId: "e" }]),
        notices.concern(42, 0),
        store.bearing([{ source: "lms", eventId: "e" }]),
        store.erase([1]),
      ]
      for (const error of await Promise.all(calls.map((call) => call.catch((reason) => reason)))) {
        expect(error).toBeInstanceOf(Problem)
        expect(error.code).toBe("unavailable")
      }
    })
  })
}
