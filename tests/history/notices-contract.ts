import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { type EventKey, keyOf, type Notice } from "../../src/history/notices.ts"
import { timeOf } from "../../src/id.ts"
import { Problem } from "../../src/problem.ts"
import type { NewStorage, Store } from "./contract.ts"
import { draft, drafts, inShort, notificationsOf } from "./drafts.ts"

const DAY = 86_400_000

/** What every store of notices must do, and what is taken out of history by them. */
export function noticesContract(name: string, newStorage: NewStorage): void {
  describe(`${name}: notices`, () => {
    let open: () => Promise<Store>
    let opened: Store[]
    let store: Store
    let other: Store
    beforeEach(async () => {
      const storage = await newStorage()
      opened = []
      open = async () => {
        const store = await storage([])
        opened.push(store)
        return store
      }
      store = await open()
      other = await open()
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

    test("none is missed by whoever reads them behind history, while others post and record", async () => {
      const [shown, positions]: [Set<number>, number[]] = [new Set(), []]
      let busy = 2
      const write = async (by: Store) => {
        for (let turn = 0; turn < 40; turn++) {
          positions.push((await by.notices.post(withdrawn("e"))).position)
          await record(1, [42], by)
        }
        busy -= 1
      }
      const readBehind = async (by: Store, after?: number) => {
        const { mark } = await by.since({ educators: [42], limit: 10 })
        const found = await by.notices.since(after)
        for (const { position } of found.notices) shown.add(position)
        expect(positions.filter((position) => position <= Math.max(mark, found.mark) && !shown.has(position))).toEqual(
          [],
        )
        return found.mark
      }
      const writing = Promise.all([write(store), write(other)])
      const reader = await open()
      let mark: number | undefined
      while (busy > 0) mark = await readBehind(reader, mark)
      await writing
      await readBehind(reader, mark)
      expect(shown.size).toBe(80)
    })

    test("are there when all who had them open have closed and others open them", async () => {
      const sent = draft([42])
      const [row] = notificationsOf(await store.record([sent]))
      const posted = await store.notices.post({ ...withdrawn("", [42]), ...keyOf(sent.event) })
      await Promise.all([store, other].map((one) => one.close()))
      const later = await open()
      expect(await later.notices.since()).toEqual({ notices: [posted], mark: posted.position })
      expect(await later.notices.withdrawn([keyOf(sent.event)])).toEqual([keyOf(sent.event)])
      expect(await later.notices.concern(42, row?.position ?? 0)).toBe(true)
      expect((await later.notices.post(withdrawn("e"))).position).toBeGreaterThan(posted.position)
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
      // The newest of all is erased: nothing may fall by it.
      await store.record([kept, gone])
      const { mark } = await store.since({ educators: [42], limit: 10 })
      const known = [store, other].map((one) => one.known)
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
      for (const [index, one] of [store, other].entries()) expect(one.known).toBeGreaterThanOrEqual(known[index] ?? 0)
      expect((await (await open()).since({ educators: [42], limit: 10 })).mark).toBeGreaterThanOrEqual(mark)
      expect((await store.notices.post(withdrawn("e"))).position).toBeGreaterThan(mark)
      await other.erase([])
    })

    test("what bears many events is found at once, each by its own source and id", async () => {
      const own = Array.from({ length: 1500 }, () => draft([42]))
      // Of another source, with the same ids.
      const others = own.map(({ event, recipients }) => ({ event: { ...event, source: `["lms"]` }, recipients }))
      const rows = notificationsOf(await store.record(own))
      await store.record(others)
      const found = await other.bearing([...own.map(({ event }) => keyOf(event)), { source: "lms", eventId: "none" }])
      expect(found.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(rows.map(({ id }) => id))
      expect(await other.bearing([])).toEqual([])
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

    test("counts and lists stay exact, whatever is recorded, posted, read, erased and forgotten in which order", async () => {
      const place = fc.nat({ max: 8 })
      const step = fc.oneof(
        fc.record({ what: fc.constant("record" as const), both: fc.boolean(), count: fc.integer({ min: 1, max: 4 }) }),
        fc.record({ what: fc.constantFrom("read", "read all", "erase", "withdraw", "prune"), place }),
        fc.record({ what: fc.constant("post" as const), place }),
      )
      let educator = 7000
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
          educator += 2
          const whose = [educator, educator + 1]
          /** What must be left, oldest first. */
          let left: { id: number; educator: number; key: EventKey; unread: boolean }[] = []
          const erase = async (keys: EventKey[]) => {
            const found = await other.bearing(keys)
            const ids = new Set(found.map(({ id }) => id))
            await other.erase([...ids])
            left = left.filter(({ id }) => !ids.has(id))
            const gone = new Set(keys.map((key) => JSON.stringify(key)))
            expect(left.filter(({ key }) => gone.has(JSON.stringify(key)))).toEqual([])
          }
          for (const one of steps) {
            const at = "place" in one ? left[one.place % Math.max(1, left.length)] : undefined
            if ("count" in one) {
              const rows = await record(one.count, one.both ? whose : [educator])
              left.push(
                ...rows.map(({ id, educator, source, eventId }) => {
                  return { id, educator, key: { source, eventId }, unread: true }
                }),
              )
            } else if (!at) continue
            else if (one.what === "post") await other.notices.post({ kind: "withdrawn", ...at.key, educators: whose })
            else if (one.what === "withdraw") await erase([at.key])
            else if (one.what === "erase") {
              await other.erase([at.id, at.id])
              left = left.filter(({ id }) => id !== at.id)
            } else if (one.what === "prune") {
              const before = timeOf(at.id)
              await store.prune(before)
              left = left.filter(({ id }) => timeOf(id) >= before)
            } else {
              const all = one.what === "read all"
              await store.markRead(at.educator, all ? { all } : { ids: [at.id] }, "2026-11-23T01:00:00.000Z")
              for (const row of left) if (all ? row.educator === at.educator : row === at) row.unread = false
            }
            for (const [who, by] of [store, other, store, other].entries()) {
              const own = left.filter((row) => row.educator === whose[who % 2])
              expect(await by.unread(educator + (who % 2))).toBe(own.filter(({ unread }) => unread).length)
              const listed = await by.list({ educator: educator + (who % 2), limit: 100 })
              expect(listed.map(({ id }) => id)).toEqual(own.map(({ id }) => id).toReversed())
            }
          }
        }),
        { numRuns: 60 },
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
