// Nothing is sent faster than it is taken.
import { describe, expect, test } from "bun:test"
import { createServer, connect as dial, type Socket } from "node:net"
import { onEachRuntime } from "../on-each-runtime.ts"
import { connect, handIn, type Server } from "../server.ts"
import { until } from "../until.ts"

let educator = 7000

/** A line that carries so many bytes a second to the client. */
async function slowLine(server: Server, bytesPerSecond: number) {
  const target = new URL(server.url)
  const sockets = new Set<Socket>()
  /** When the line has carried what it was given. */
  let free = performance.now()
  const proxy = createServer((client) => {
    const upstream = dial(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on("error", () => {})
    }
    client.on("close", () => upstream.destroy())
    upstream.on("close", () => setTimeout(() => client.end(), Math.max(0, free - performance.now()) + 1))
    client.pipe(upstream)
    upstream.on("data", (bytes: Buffer) => {
      free = Math.max(free, performance.now()) + (1000 * bytes.length) / bytesPerSecond
      upstream.pause()
      setTimeout(
        () => {
          client.write(bytes)
          upstream.resume()
        },
        Math.max(0, free - performance.now()),
      )
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(proxy.address() as { port: number }).port}`,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    },
  }
}

/** What a stock client is given that was away while so many notifications of so many bytes were recorded, and how often it connected. */
async function comeBack(server: Server, url: string, transports: string[], count: number, bytes: number) {
  educator += 1
  using client = connect(url, { auth: { token: await server.tokenOf(educator) }, transports })
  await client.live()
  client.socket.disconnect()
  const padding = "x".repeat(bytes)
  for (let posted = 0; posted < count; posted += 10)
    await server.post(
      Array.from({ length: Math.min(10, count - posted) }, (_, index) =>
        handIn({ educators: [educator], data: { assignmentId: 9, attempt: posted + index + 1, padding } }),
      ),
    )
  let connected = 0
  client.socket.on("connect", () => {
    connected += 1
  })
  client.socket.connect()
  await until(() => client.notifications().length >= count, "everything that was missed", 60_000)
  await server.post(handIn({ educators: [educator], data: { assignmentId: 9, attempt: count + 1 } }))
  await until(() => client.notifications().length > count)
  return { connected, attempts: client.notifications().map(({ 상세 }) => 상세.attempt), refreshes: client.refreshes() }
}

const numbers = (count: number) => Array.from({ length: count + 1 }, (_, index) => index + 1)

/** A line that can be made to carry nothing to the client, which neither end is told of. */
async function stallingLine(server: Server) {
  const target = new URL(server.url)
  const sockets = new Set<Socket>()
  const upstreams = new Set<Socket>()
  let stalled = false
  const proxy = createServer((client) => {
    const upstream = dial(Number(target.port), target.hostname)
    upstreams.add(upstream)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on("error", () => {})
    }
    client.pipe(upstream)
    upstream.pipe(client)
    client.on("close", () => upstream.destroy())
    if (stalled) upstream.pause()
  })
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(proxy.address() as { port: number }).port}`,
    stall() {
      stalled = true
      for (const upstream of upstreams) upstream.pause()
    },
    resume() {
      stalled = false
      for (const upstream of upstreams) upstream.resume()
    },
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    },
  }
}

const slowOnes = async (server: Server) => {
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^allim_limit_exceeded_total\{limit="slow"\} (\d+)$/m.exec(metrics)?.[1] ?? 0)
}

async function listAll(server: Server, educator: number): Promise<unknown[]> {
  const all: unknown[] = []
  for (let next: string | null = ""; next !== null; ) {
    const response = await server.get(`/notifications?limit=100${next && `&cursor=${next}`}`, educator)
    const page = (await response.json()) as { items: { 상세: { attempt: number } }[]; next: string | null }
    all.push(...page.items.map(({ 상세 }) => 상세.attempt))
    next = page.next
  }
  return all
}

onEachRuntime({}, (server, { name }) => {
  describe.each([
    ["websocket", ["websocket"]],
    ["polling", ["polling"]],
    ["polling, then upgraded", ["polling", "websocket"]],
  ])("over %s", (_, transports) => {
    test.each([
      [20, 60_000],
      [300, 3_400],
    ])("%d missed notifications of %d bytes come each once, in one connection", async (count, bytes) => {
      expect(await comeBack(server, server.url, transports, count, bytes)).toEqual({
        connected: 1,
        attempts: numbers(count),
        refreshes: [],
      })
    })

    // On the others the engine is its own, and so is its signal: one slow line is enough of the waiting.
    if (name === "Bun")
      test("so they do through a line of 1 Mbit/s", async () => {
        using line = await slowLine(server, 125_000)
        expect(await comeBack(server, line.url, transports, 20, 60_000)).toEqual({
          connected: 1,
          attempts: numbers(20),
          refreshes: [],
        })
      }, 60_000)
  })

  test.each([["websocket"], ["polling"]])(
    "a client that reads nothing over %s while 10,000 are sent is closed once, and has each when it comes back",
    async (transport) => {
      educator += 1
      using line = await stallingLine(server)
      using client = connect(line.url, { auth: { token: await server.tokenOf(educator) }, transports: [transport] })
      const listed: unknown[] = []
      let listing = Promise.resolve()
      client.socket.on("refresh_알림", () => {
        listing = listing.then(async () => void listed.push(...(await listAll(server, educator))))
      })
      await client.live()
      const before = await slowOnes(server)
      line.stall()
      for (let batch = 0; batch < 20; batch++)
        await server.post(
          Array.from({ length: 500 }, (_, index) =>
            handIn({ educators: [educator], data: { assignmentId: 9, attempt: 500 * batch + index + 1 } }),
          ),
        )
      await until(async () => (await slowOnes(server)) > before, "the slow client to be closed")
      line.resume()
      await until(async () => {
        await listing
        return new Set([...listed, ...client.notifications().map(({ 상세 }) => 상세.attempt)]).size === 10_000
      }, "everything to be given or listed")
      const given = client.notifications().map((one) => one.알림_고유_아이디)
      expect(new Set(given).size).toBe(given.length)
      expect(await slowOnes(server)).toBe(before + 1)
      expect(client.refreshes().length).toBeLessThanOrEqual(1)
    },
    60_000,
  )
})
