import { afterAll, beforeEach, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { told } from "../routes/event-results.ts"
import type { Message } from "../src/bus/bus.ts"
import type { History, Outcome } from "../src/history/history.ts"
import { sqliteHistory } from "../src/history/sqlite.ts"
import { createMetrics } from "../src/metrics.ts"
import { notifier } from "../src/notify.ts"
import { Problem } from "../src/problem.ts"
import type { Recipient } from "../src/recipient.ts"
import { event, to } from "./history/drafts.ts"
import { temporaryDirectory } from "./program.ts"

describe("to notify", () => {
  const directory = temporaryDirectory()
  const history = sqliteHistory({ path: join(directory.path, "history.sqlite"), fields: [] })
  afterAll(async () => {
    await history.close()
    directory[Symbol.dispose]()
  })

  let published: Message[] = []
  let reported: [string, unknown][] = []
  beforeEach(() => {
    published = []
    reported = []
  })
  const metrics = createMetrics()
  const notifyWith = (
    record: History["record"],
    publish = async (messages: readonly Message[]) => void published.push(...messages),
  ) =>
    notifier({
      recipientsOf: async (concerns) => concerns.map(() => ({ recipients: to(42, 43) })),
      record,
      history,
      bus: { publish },
      metrics,
      report: (...failure) => reported.push(failure),
    })
  /** Records, and then says something else of the event with this id. */
  const saying =
    (id: string, outcome: Outcome): History["record"] =>
    async (drafts) => {
      const outcomes = await history.record(drafts.filter(({ event }) => event.id !== id))
      return drafts.map(({ event }) => (event.id === id ? outcome : (outcomes.shift() as Outcome)))
    }

  test("publishes what was recorded, with its position, and what its writer knew of which store", async () => {
    const sent = event()
    const outcomes = await notifyWith(history.record)([sent, sent, event({ educators: [] })])
    expect(outcomes.map(({ status }) => status)).toEqual(["recorded", "duplicate", "recorded"])
    const recorded = await Promise.all([42, 43].map((educator) => history.list({ educator, limit: 1 })))
    const expected = recorded.flat().map((notification): Message => {
      const { educator } = notification
      return { kind: "recorded", educator, notification, store: history.store, known: history.known }
    })
    expect(published).toEqual(expected)
    expect(published.map(({ educator }) => educator)).toEqual([42, 43])
    expect(history.known).toBe(Math.max(...recorded.flat().map(({ position }) => position)))
  })

  test("counts whoever was added, also when there is nothing to publish", async () => {
    const before = (await metrics.recorded.get()).values[0]?.value ?? 0
    const sent = event()
    await notifyWith(saying(sent.id, { status: "recorded", added: 3, notifications: [] }))([sent])
    expect((await metrics.recorded.get()).values[0]?.value).toBe(before + 3)
    expect(published).toEqual([])
  })

  test("with an outcome that is unknown: the others are published, and all is asked for again, then a duplicate", async () => {
    const error = new Problem("unavailable", "away", { retryAfter: 1 })
    const sent = [event(), event(), event()]
    const [, lost] = sent
    await expect(notifyWith(saying(lost?.id ?? "", { status: "unknown", error }))(sent)).rejects.toBe(error)
    expect(published).toHaveLength(4)
    expect(reported).toEqual([["record", error]])
    const again = await notifyWith(history.record)(sent)
    expect(again.map(({ status }) => status)).toEqual(["duplicate", "recorded", "duplicate"])
    expect(published).toHaveLength(6)
  })

  describe("a large request:", () => {
    /** What was written, how many drafts each time, and what was published by then. */
    let writes: { drafts: number; published: number }[] = []
    const noted: History["record"] = (drafts) => {
      writes.push({ drafts: drafts.length, published: published.length })
      return history.record(drafts)
    }
    beforeEach(() => {
      writes = []
    })
    const staff = Array.from({ length: 400 }, (_, index) => index + 1)

    test("is recorded in portions of 1,000 rows, each published before the next, and answered in order", async () => {
      const sent = Array.from({ length: 5 }, () => event({ educators: staff }))
      const [, , third] = sent
      const outcomes = await notifyWith(noted)([...sent, third ?? event()])
      expect(writes).toEqual([
        { drafts: 2, published: 0 },
        { drafts: 2, published: 800 },
        { drafts: 2, published: 1600 },
      ])
      expect(published).toHaveLength(2000)
      const added = outcomes.map((outcome) => (outcome.status === "recorded" ? outcome.added : outcome.status))
      expect(added).toEqual([400, 400, 400, 400, 400, "duplicate"])
    })

    test("an event is not divided, and data counts by the KiB", async () => {
      const many = Array.from({ length: 1500 }, (_, index) => index + 1)
      await notifyWith(noted)([event({ educators: many }), event(), event()])
      expect(writes.map(({ drafts }) => drafts)).toEqual([1, 2])
      writes = []
      await notifyWith(noted)(Array.from({ length: 4 }, () => event({ data: { text: "x".repeat(200 * 1024) } })))
      expect(writes.map(({ drafts }) => drafts)).toEqual([2, 2])
    })

    test("500 events make three portions, however few they are for", async () => {
      await notifyWith(noted)(Array.from({ length: 500 }, () => event({ educators: [42] })))
      expect(writes.map(({ drafts }) => drafts)).toEqual([200, 200, 100])
    })

    test("after a portion of which something is unknown no other is tried; sent again, all is completed", async () => {
      const error = new Problem("unavailable", "away", { retryAfter: 1 })
      const sent = Array.from({ length: 6 }, () => event({ educators: staff }))
      const record = saying(sent[2]?.id ?? "", { status: "unknown", error })
      const failing: History["record"] = (drafts) => {
        writes.push({ drafts: drafts.length, published: published.length })
        return record(drafts)
      }
      await expect(notifyWith(failing)(sent)).rejects.toBe(error)
      expect(writes.map(({ drafts }) => drafts)).toEqual([2, 2])
      expect(published).toHaveLength(1200)
      const again = await notifyWith(noted)(sent)
      const known = ["duplicate", "duplicate", "recorded", "duplicate", "recorded", "recorded"]
      expect(again.map(({ status }) => status as string)).toEqual(known)
      expect(published).toHaveLength(2400)
    })
  })

  test("of an event that cannot be recorded is reported, and its result says not to send it again unchanged", async () => {
    const error = new Error("datatype mismatch")
    const sent = [event(), event()]
    const [good, bad] = await notifyWith(saying(sent[1]?.id ?? "", { status: "failed", error }))(sent)
    expect(published).toHaveLength(2)
    expect(reported).toEqual([["record", error]])
    expect(good && told("a", good)).toEqual({ id: "a", status: "accepted", notifications: 2, detail: undefined })
    const result = bad && told("b", bad)
    expect(result).toMatchObject({ id: "b", status: "rejected", code: "internal" })
    expect(result?.detail).toContain("do not send it again unchanged")
    expect(result?.detail).not.toContain("mismatch")
  })

  test("asks the directory for whoever is not named alone, and tells each once", async () => {
    const recipients: (readonly Recipient[])[] = []
    const notify = notifier({
      recipientsOf: () => Promise.reject(new Error("gone")),
      record: async (drafts) => {
        recipients.push(...drafts.map((draft) => draft.recipients))
        return drafts.map(() => ({ status: "duplicate" }))
      },
      history,
      bus: { publish: async () => {} },
      metrics,
      report() {},
    })
    await notify([event({ educators: [42, 43, 42] })])
    expect(recipients).toEqual([
      [
        { educator: 42, reason: "named" },
        { educator: 43, reason: "named" },
      ],
    ])
    await expect(notify([event({ educators: [42] }), event()])).rejects.toThrow("gone")
  })

  test("does not wait for the bus, and reports one that fails", async () => {
    const gone = new Error("gone")
    await notifyWith(history.record, () => new Promise(() => {}))([event()])
    await notifyWith(history.record, () => Promise.reject(gone))([event()])
    await new Promise(setImmediate)
    expect(reported).toEqual([["publish", gone]])
  })
})
