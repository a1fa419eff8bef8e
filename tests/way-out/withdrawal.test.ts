import { describe, expect, test } from "bun:test"
import { onEachRuntime } from "../on-each-runtime.ts"
import { handIn, listen, type Server } from "../server.ts"
import { until } from "../until.ts"

let educator = 9000
const sent = () => handIn({ educators: [educator] })

async function listed(server: Server, whose: number) {
  const { items } = await (await server.get("/notifications?limit=100", whose)).json()
  return items.map((item: { 알림_고유_아이디: number }) => item.알림_고유_아이디)
}
const unread = async (server: Server, whose: number) =>
  (await (await server.get("/notifications/count", whose)).json()).안읽은_수

onEachRuntime({}, (server) => {
  describe.each([["websocket"], ["polling"]])("over %s, of an event that is taken back", (transport) => {
    const options = { transports: [transport] }

    test("every open tab is told to fetch its list, and how many are unread now; nobody else is", async () => {
      educator += 1
      using tab = await listen(server, educator, options)
      using other = await listen(server, educator)
      using stranger = await listen(server, educator + 500_000)
      const [gone, kept] = [sent(), sent()]
      await server.post([gone, kept])
      await until(() => [tab, other].every((client) => client.counts().at(-1) === 2))

      expect((await server.withdraw(gone.id)).status).toBe(204)
      for (const client of [tab, other]) {
        await until(() => client.counts().at(-1) === 1)
        expect(client.refreshes()).toEqual([{ 이유: "withdrawn" }])
        expect(client.notifications()).toHaveLength(2)
      }
      expect(await listed(server, educator)).toHaveLength(1)
      expect(stranger.refreshes()).toEqual([])
    })

    test("a client that was away learns it when it is back, once, and is given what it missed", async () => {
      educator += 1
      using client = await listen(server, educator, options)
      const [gone, missed] = [sent(), sent()]
      await server.post(gone)
      await until(() => client.notifications().length === 1)
      client.socket.disconnect()
      await server.withdraw(gone.id)
      await server.post(missed)
      client.socket.connect()
      await until(() => client.notifications().length === 2 && client.counts().at(-1) === 1)
      expect(client.refreshes()).toEqual([{ 이유: "withdrawn" }])

      // Once the tail has looked, the client's cursor says that it knows.
      const cursor = client.cursor()
      await until(async () => {
        await server.post(sent())
        return client.cursor()?.toString().split(".")[4] !== cursor?.toString().split(".")[4]
      }, "a watermark that has moved")
      client.socket.disconnect()
      client.socket.connect()
      const counts = client.counts().length
      await until(() => client.counts().length > counts)
      expect(client.refreshes()).toHaveLength(1)
    })

    test("one that was away while it was told and taken back is never given it", async () => {
      educator += 1
      using client = await listen(server, educator, options)
      client.socket.disconnect()
      const [gone, kept] = [sent(), sent()]
      await server.post([gone, kept])
      await server.withdraw(gone.id)
      client.socket.connect()
      await until(() => client.counts().length > 1)
      await until(() => client.notifications().length > 0)
      expect(client.notifications()).toHaveLength(1)
      expect(client.counts().at(-1)).toBe(1)
    })

    test("neither the event sent again, nor posts and withdrawals at once, bring it back", async () => {
      educator += 1
      using client = await listen(server, educator, options)
      const events = Array.from({ length: 40 }, sent)
      await Promise.all(events.flatMap((event) => [server.post(event), server.withdraw(event.id), server.post(event)]))
      const again = await (await server.post(events)).json()
      expect(again).toMatchObject({ accepted: 0, duplicates: 0, withdrawn: 40 })
      await server.post(sent())
      await until(() => client.counts().at(-1) === 1)
      expect(await listed(server, educator)).toHaveLength(1)
      expect(await unread(server, educator)).toBe(1)
    })
  })
})
