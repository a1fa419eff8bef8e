import { Database } from "bun:sqlite"
import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import fc from "fast-check"
import type { WireRead } from "../../src/wire.ts"
import { onEachRuntime } from "../on-each-runtime.ts"
import { handIn, listen } from "../server.ts"
import { until } from "../until.ts"

type Client = Awaited<ReturnType<typeof listen>>
type Answer = WireRead & { error?: { code: string; detail: string } }

const ask = (client: Client, ...args: unknown[]): Promise<Answer> =>
  client.socket.timeout(5000).emitWithAck("read_알림", ...args)

onEachRuntime({}, (server, { runs }) => {
  /** An educator of their own for each test, with so many unread notifications. */
  let educator = 1000
  async function withUnread(count: number) {
    educator += 1
    const client = await listen(server, educator)
    await server.post(Array.from({ length: count }, () => handIn({ educators: [educator] })))
    await until(() => client.notifications().length === count && client.counts().at(-1) === count)
    return { educator, client, ids: client.notifications().map((notification) => notification.알림_고유_아이디) }
  }

  describe("read_알림", () => {
    test("of all is told to the other tabs also when nothing was left, since an earlier attempt may not have told them", async () => {
      const { client, educator, ids } = await withUnread(3)
      using reader = client
      using other = await listen(server, educator)
      // As an attempt does that was cut off between marking and telling.
      const history = new Database(join(server.dataDir, "history.sqlite"))
      history.exec(`UPDATE notification SET read_at = '2026-11-23T00:00:00.000Z' WHERE educator = ${educator}`)
      history.close()
      expect(await ask(reader, { 모두: true })).toMatchObject({ 알림_고유_아이디: [], 모두: true, 안읽은_수: 0 })
      await until(() => other.counts().at(-1) === 0 && other.reads().length === 1)
      expect([ids.length, other.reads()]).toEqual([
        3,
        [{ 알림_고유_아이디: [], 모두: true, 열람일: expect.any(String), 안읽은_수: 0 }],
      ])
    })

    test("is acknowledged, kept in history, and shown in the educator's other tabs with the new count", async () => {
      const { client, educator, ids } = await withUnread(3)
      using reader = client
      using other = await listen(server, educator)
      using stranger = await listen(server, 42)
      const answer = await ask(reader, { 알림_고유_아이디: [ids[1]] })
      expect(answer).toEqual({ 알림_고유_아이디: [Number(ids[1])], 열람일: expect.any(String), 안읽은_수: 2 })
      await until(() => other.reads().length === 1 && other.counts().at(-1) === 2 && reader.counts().at(-1) === 2)
      expect(other.reads()).toEqual([answer])
      expect(reader.reads()).toEqual([])
      expect(stranger.reads()).toEqual([])
      const { items } = await (await server.get("/notifications", educator)).json()
      expect(items.map(({ 열람일 }: { 열람일: string }) => 열람일)).toEqual([null, answer.열람일, null])
    })

    test("marks all", async () => {
      const { client, educator } = await withUnread(5)
      using reader = client
      using other = await listen(server, educator)
      expect(await ask(reader, { 모두: true })).toMatchObject({ 모두: true, 안읽은_수: 0 })
      await until(() => other.counts().at(-1) === 0)
      expect(other.reads()).toMatchObject([{ 모두: true, 안읽은_수: 0 }])
    })

    test("again changes nothing, and tells nobody", async () => {
      const { client, ids } = await withUnread(1)
      using reader = client
      const first = await ask(reader, { 알림_고유_아이디: ids })
      const counts = reader.counts().length
      const again = await ask(reader, { 알림_고유_아이디: ids })
      expect(first.알림_고유_아이디).toEqual(ids)
      expect(again).toMatchObject({ 알림_고유_아이디: [], 안읽은_수: 0 })
      expect(reader.counts().length).toBeLessThanOrEqual(counts + 1)
    })

    test("of another educator's notification marks nothing", async () => {
      const { client: owner, educator, ids } = await withUnread(1)
      owner[Symbol.dispose]()
      using thief = await listen(server, 4242)
      expect(await ask(thief, { 알림_고유_아이디: ids })).toMatchObject({ 알림_고유_아이디: [], 안읽은_수: 0 })
      expect(await (await server.get("/notifications/count", educator)).json()).toEqual({ 안읽은_수: 1 })
    })

    test("by HTTP is shown in open tabs too", async () => {
      const { client, educator, ids } = await withUnread(2)
      using tab = client
      const answered = await fetch(`${server.url}/notifications/read`, {
        method: "POST",
        headers: { Authorization: `Bearer ${await server.tokenOf(educator)}`, "Content-Type": "application/json" },
        body: JSON.stringify({ 알림_고유_아이디: ids }),
      })
      expect(await answered.json()).toMatchObject({ 안읽은_수: 0 })
      await until(() => tab.reads().length === 1 && tab.counts().at(-1) === 0)
    })
  })

  describe("whatever else a client sends", () => {
    test("bad arguments get an error in the acknowledgement and harm nothing", async () => {
      const { client, ids } = await withUnread(1)
      using socket = client
      for (const bad of [
        undefined,
        null,
        7,
        "all",
        [],
        {},
        { 모두: false },
        { 알림_고유_아이디: [] },
        { 알림_고유_아이디: ["1"] },
        { 알림_고유_아이디: [1.5] },
        { 알림_고유_아이디: ids, 모두: true },
        { 알림_고유_아이디: Array(1001).fill(1) },
      ])
        expect((await ask(socket, bad)).error?.code).toBe("selection_invalid")
      expect((await ask(socket)).error?.code).toBe("selection_invalid")
      expect(await ask(socket, { 알림_고유_아이디: ids })).toMatchObject({ 안읽은_수: 0 })
    })

    test("unknown events, and ours sent back, join nothing and read nothing", async () => {
      const { client } = await withUnread(1)
      using victim = client
      using socket = await listen(server, 43)
      for (const event of ["join", "get_알림", "count_알림", "refresh_알림", "교육자:1001"]) {
        const { error } = await socket.socket.timeout(5000).emitWithAck(event, victim.notifications()[0])
        expect(error.code).toBe("not_found")
      }
      socket.socket.emit("join", "no acknowledgement")
      expect(victim.notifications().length).toBe(1)
      expect(socket.notifications()).toEqual([])
    })

    test("a flood is slowed down, not obeyed", async () => {
      using socket = await listen(server, 4343)
      const answers = await Promise.all(Array.from({ length: 120 }, () => ask(socket, { 모두: true })))
      expect(answers.filter(({ error }) => error?.code === "rate_exceeded").length).toBeGreaterThan(0)
      expect(socket.socket.connected).toBe(true)
    })

    test("rubbish of any shape is answered, and the connection lives", async () => {
      const rubbish = fc.array(
        fc.oneof(
          fc.jsonValue(),
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        { maxLength: 3 },
      )
      using socket = await listen(server, 4444)
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.string(), fc.constant("read_알림")), rubbish, async (event, args) => {
          if (
            ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"].includes(event)
          )
            return
          const { error } = await socket.socket.timeout(5000).emitWithAck(event, ...args)
          expect(["not_found", "selection_invalid", "rate_exceeded"]).toContain(error.code)
        }),
        { numRuns: runs(60) },
      )
      expect(socket.socket.connected).toBe(true)
    })
  })
})
