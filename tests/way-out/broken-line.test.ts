// A line that breaks at any byte: what a page lists at its first count and at each refresh, and what it is given, is everything.
import { expect, test } from "bun:test"
import { createServer, connect as dial, type Socket } from "node:net"
import fc from "fast-check"
import type { WireNotification } from "../../src/wire.ts"
import { onEachRuntime } from "../on-each-runtime.ts"
import { connect, handIn, type Server } from "../server.ts"
import { until } from "../until.ts"

/** A line to the server of which each connection breaks after so many bytes to the client; when they are used up, none does. */
async function breakingLine(server: Server, lives: number[]) {
  const target = new URL(server.url)
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    let left = lives.shift() ?? Number.POSITIVE_INFINITY
    const upstream = dial(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => {
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    upstream.on("data", (bytes: Buffer) => {
      client.write(bytes.subarray(0, left))
      left -= bytes.length
      if (left <= 0) client.destroySoon()
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  const { port } = proxy.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    },
  }
}

/** A page that does what the README says: it lists at its first count, and again at each refresh, until it is answered. */
async function page(server: Server, url: string, educator: number, transports: string[]) {
  const client = connect(url, { auth: { token: await server.tokenOf(educator) }, transports, timeout: 2_000 })
  const had = new Set<number>()
  let listing = Promise.resolve()
  const list = () => {
    listing = listing.then(async () => {
      const response = await server.get("/notifications?limit=100", educator)
      const { items } = (await response.json()) as { items: WireNotification[] }
      for (const item of items) had.add(item.알림_고유_아이디)
    })
  }
  client.socket.once("count_알림", list)
  client.socket.on("refresh_알림", list)
  return {
    client,
    given: () => client.notifications().map((notification) => notification.알림_고유_아이디),
    async had() {
      await listing
      return new Set([...had, ...this.given()])
    },
  }
}

let educator = 5000

onEachRuntime({}, (server, { runs }) => {
  test.each([["websocket"], ["polling"]])(
    "over %s, before the first count or in the middle of anything, loses nothing and gives nothing twice",
    async (transport) => {
      const bytes = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 5 })
      await fc.assert(
        fc.asyncProperty(bytes, async (lives) => {
          educator += 1
          using line = await breakingLine(server, [...lives])
          const events = () => Array.from({ length: 3 }, () => handIn({ educators: [educator] }))
          await server.post(events())
          const visitor = await page(server, line.url, educator, [transport])
          using _ = visitor.client
          for (let round = 0; round < 5; round++) await server.post(events())
          await visitor.client.live()
          await server.post(events())
          await until(async () => (await visitor.had()).size === 21)
          const given = visitor.given()
          expect(new Set(given).size).toBe(given.length)
        }),
        { numRuns: runs(25) },
      )
    },
    60_000,
  )
})
