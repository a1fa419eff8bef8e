import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Entry, History, Since } from "../../src/history/history.ts"
import type { Notification } from "../../src/notification.ts"
import type { NewStorage, Store } from "./contract.ts"
import { draft, drafts, event, inShort, notificationsOf, to } from "./drafts.ts"

/** More than there will be. */
const ALL = 1_000_000

/** Milliseconds within which a call answers here, where nothing is broken: as many as a page would wait. */
const IN_TIME = 5_000

const entryOf = ({ educator, id, position }: Notification): Entry => ({ educator, id, position })
const byPosition = (a: { position: number }, b: { position: number }) => a.position - b.position

/** What delivery relies on when it catches up from a history. */
export function catchUpContract(name: string, newStorage: NewStorage): void {
  describe(`${name}: what is caught up with`, () => {
    let open: () => Promise<Store>
    let opened: Store[]
    let history: Store
    beforeEach(async () => {
      const storage = await newStorage()
      opened = []
      open = async () => {
        const store = await storage([])
        opened.push(store)
        return store
      }
      history = await open()
    })
    afterEach(() => Promise.all(opened.map((store) => store.close())))

    const record = async (count: number, recipients: number[], by: History = history) =>
      notificationsOf(await by.record(drafts(count, recipients)))
    const since = (educators: number[], after?: number, limit = ALL) => history.since({ educators, after, limit })
    const everything = async (educators: number[]) => (await since(educators, 0)).entries
    /** What is visible to a read, from the mark of which nothing may be missed. */
    const settled = async (educators: number[]) => {
      let read = await since(educators, 0)
      for (const end = performance.now() + IN_TIME; (read.entries.at(-1)?.position ?? 0) > read.mark; ) {
        if (performance.now() > end) throw new Error("The mark does not reach what was recorded")
        if (history.lag > 0) await Bun.sleep(100)
        read = await since(educators, 0)
      }
      return read
    }

    test("what came after a position: of the educators asked for, oldest position first over all", async () => {
      const all: Notification[] = []
      for (let round = 0; round < 5; round++) all.push(...(await record(2, [42, 43, 44])))
      const sorted = all.toSorted(byPosition)
      const of = (...educators: number[]) => sorted.filter(({ educator }) => educators.includes(educator)).map(entryOf)
      expect(await everything([42])).toEqual(of(42))
      expect(await everything([44, 42, 44, 99])).toEqual(of(42, 44))
      expect(await everything([])).toEqual([])
      expect(await everything([45, 1.5, -1])).toEqual([])
      const { position = 0 } = sorted[10] ?? {}
      const later = sorted.slice(11).map(entryOf)
      expect((await since([42, 43, 44], position)).entries).toEqual(later)
      expect((await since([42, 43, 44], sorted.at(-1)?.position)).entries).toEqual([])
    })

    test("as many as the limit, the oldest of them, and whether there are more", async () => {
      const all = [...(await record(7, [42])), ...(await record(1, [43])), ...(await record(5, [44]))]
      const sorted = all.toSorted(byPosition).map(entryOf)
      for (const limit of [1, 5, 7, 8, 12, 13, 14]) {
        const { entries, more } = await since([44, 43, 42], 0, limit)
        expect(entries).toEqual(sorted.slice(0, limit))
        expect(more).toBe(limit < 13)
        const alone = await since([42], 0, limit)
        expect(alone.entries).toEqual(sorted.filter(({ educator }) => educator === 42).slice(0, limit))
        expect(alone.more).toBe(limit < 7)
      }
    })

    test("positions that are the rows' own", async () => {
      await record(20, [42, 43])
      for (const educator of [42, 43]) {
        const rows = await history.list({ educator, limit: 100 })
        expect(await everything([educator])).toEqual(rows.toSorted(byPosition).map(entryOf))
      }
    })

    test("thousands of educators at once, with and without anything new", async () => {
      const educators = Array.from({ length: 5000 }, (_, index) => index + 1)
      const told = educators.filter((educator) => educator % 7 === 0)
      await record(1, told)
      const { mark, entries } = await settled(educators)
      expect(entries.map(({ educator }) => educator)).toEqual(told)
      expect((await since(educators, mark)).entries).toEqual([])
    })

    test("the rows of ids in order of position, without those that are not there", async () => {
      const all = (await record(30, [42, 43])).toSorted(byPosition)
      const ids = all.map(({ id }) => id)
      expect(await history.read([...ids].reverse())).toEqual(all)
      expect(await history.read([ids[5] ?? 0, 1, 1.5, -1, Number.MAX_SAFE_INTEGER])).toEqual(all.slice(5, 6))
      expect(await history.read([])).toEqual([])
      await history.markRead(42, { ids: ids.slice(0, 1) }, "2026-11-23T01:00:00.000Z")
      expect((await history.read(ids))[0]?.readAt).toBe("2026-11-23T01:00:00.000Z")
    })

    test("twenty thousand rows", async () => {
      const all: Notification[] = []
      for (let part = 0; part < 20; part++)
        all.push(
          ...(await record(
            1,
            Array.from({ length: 1000 }, (_, at) => at + 1),
          )),
        )
      const read = await history.read(all.map(({ id }) => id))
      expect(read).toHaveLength(20_000)
      expect(read).toEqual(all.toSorted(byPosition))
    })

    test("nothing above the mark of a read that names no position", async () => {
      await record(5, [42])
      const { mark } = await settled([42])
      const first = await since([42])
      expect(first.mark).toBeGreaterThanOrEqual(mark)
      expect(first.entries.every(({ position }) => position > first.mark)).toBe(true)
      if (history.lag === 0) expect(first.entries).toEqual([])
    })

    test("what this or another opening recorded, at once", async () => {
      const other = await open()
      for (let round = 0; round < 20; round++) {
        const written = await record(1, [42], round % 2 ? other : history)
        history.learn(other.known)
        const { position = 0 } = written[0] ?? {}
        expect((await since([42], position - 1)).entries).toEqual(written.map(entryOf))
        expect(await history.read(written.map(({ id }) => id))).toEqual(written)
        expect(history.known).toBeGreaterThanOrEqual(position)
      }
    })

    test("marks and what is known, that never fall: not by a delete, a failure, another opening or a restart", async () => {
      let [mark, known] = [0, 0]
      const look = async (store: History) => {
        const read = await store.since({ educators: [42], after: 0, limit: 1 })
        expect(read.mark).toBeGreaterThanOrEqual(mark)
        expect(read.known).toBeGreaterThanOrEqual(known)
        expect(store.known).toBeGreaterThanOrEqual(read.known)
        mark = read.mark
        known = read.known
        return read
      }
      await look(history)
      const recorded = await record(3, [42])
      await look(history)
      const other = await open()
      await look(other)
      await history.record([draft([42, 1.5])])
      await look(history)
      await record(3, [42], other)
      await look(history)
      await history.prune(Date.now() + 60_000)
      await look(history)
      await look(other)
      await history.close()
      history = await open()
      await look(history)
      const [next] = await record(1, [42])
      expect(next?.position).toBeGreaterThan(Math.max(mark, ...recorded.map(({ position }) => position)))
      await look(other)
    })

    test("what was learned is known, and makes nothing fail", async () => {
      const [written] = await record(1, [42])
      const { known } = history
      history.learn(known - 1)
      history.learn(Number.NaN)
      expect(history.known).toBe(known)
      history.learn(known + 1)
      expect(history.known).toBe(known + 1)
      if (history.lag === 0) expect((await since([42])).entries).toEqual([])
      expect(await everything([42])).toEqual(written ? [entryOf(written)] : [])
      expect(inShort(await history.record([draft([42])]))).toEqual([1])
    })

    test("the store's name: its own, the same each time it is opened", async () => {
      const name = history.store
      expect(name).toMatch(/^[A-Za-z0-9]{8,}$/)
      expect((await open()).store).toBe(name)
      const other = await (await newStorage())([])
      opened.push(other)
      expect(other.store).not.toBe(name)
    })

    test("in time", async () => {
      const [written] = await record(500, [42, 43])
      const late = new Promise((resolve) => setTimeout(resolve, IN_TIME, "late"))
      for (const call of [since([42, 43], 0), since([42, 43]), history.read([written?.id ?? 0])])
        expect(await Promise.race([call, late])).not.toBe("late")
    })

    test("every notification once and never one missed, from mark to mark, whoever records between", async () => {
      const step = fc.oneof(
        fc.record({
          step: fc.constant("record" as const),
          by: fc.nat({ max: 1 }),
          count: fc.integer({ min: 1, max: 4 }),
        }),
        fc.record({ step: fc.constant("again" as const), by: fc.nat({ max: 1 }) }),
        fc.record({ step: fc.constant("fail" as const), by: fc.nat({ max: 1 }) }),
        fc.record({
          step: fc.constant("read" as const),
          by: fc.nat({ max: 1 }),
          limit: fc.integer({ min: 1, max: 6 }),
        }),
      )
      const both = [history, await open()] as const
      let educator = 5000
      const walk = async (steps: (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]) => {
        educator += 2
        const mine = [educator, educator + 1]
        const repeated = event()
        const recorded: Notification[] = []
        const walked: Entry[] = []
        let after = (await since(mine)).mark
        const readOn = async (store: Store, limit: number) => {
          for (const each of both) store.learn(each.known)
          const read: Since = await store.since({ educators: mine, after, limit })
          const taken = read.entries.filter(({ position }) => position <= read.mark)
          walked.push(...taken)
          after = read.more ? (taken.at(-1)?.position ?? after) : Math.max(after, read.mark)
          return read.more || taken.length < read.entries.length
        }
        // Calls overlap as those of several requests do.
        const under: Promise<unknown>[] = []
        const write = (store: Store, sent: ReturnType<typeof drafts>) =>
          under.push(store.record(sent).then((outcomes) => recorded.push(...notificationsOf(outcomes))))
        for (const what of steps) {
          const store = both[what.by] ?? history
          if (what.step === "record") write(store, drafts(what.count, mine))
          if (what.step === "again") write(store, [{ event: repeated, recipients: to(...mine.slice(what.by)) }])
          if (what.step === "fail") write(store, [draft([educator, 1.5])])
          if (what.step === "read") await readOn(store, what.limit)
        }
        await Promise.all(under)
        const end = performance.now() + 10 * IN_TIME
        while ((await readOn(history, 5)) || walked.length < recorded.length) {
          if (walked.length > recorded.length || performance.now() > end) break
          if (history.lag === 0 && after >= (await since(mine)).mark) break
        }
        expect(walked).toEqual(recorded.toSorted(byPosition).map(entryOf))
      }
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), walk), { numRuns: 100 })
    })
  })
}
