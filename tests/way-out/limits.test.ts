// What one client may take of the server, and what it is told when it wants more.
import { describe, expect, test } from "bun:test"
import { connect, listen, startServer } from "../server.ts"
import { until } from "../until.ts"
import { rawClient } from "./raw-client.ts"

const exceeded = (limit: string) => `allim_limit_exceeded_total{limit="${limit}"}`

/** The stable code that the stock client is refused with. */
function refusal(url: string, token: string) {
  const client = connect(url, { auth: { token }, reconnection: false })
  return new Promise<string | undefined>((resolve) => {
    client.socket.on("connect_error", (error: Error & { data?: { code: string } }) => {
      client[Symbol.dispose]()
      resolve(error.data?.code)
    })
    client.socket.on("connect", () => resolve("connected"))
  })
}

describe("sockets", () => {
  test("a token opens so many; when one goes, the next may come", async () => {
    await using server = await startServer({ SOCKETS_PER_TOKEN: "2" })
    const token = await server.tokenOf(42)
    using first = await listen(server, 42, { auth: { token } })
    using _second = await listen(server, 42, { auth: { token }, transports: ["polling"] })
    expect(await refusal(server.url, token)).toBe("too_many_connections")
    expect(await server.metric(exceeded("token_sockets"))).toBe(1)
    first.socket.disconnect()
    await until(async () => (await server.metric("allim_sockets")) === 1)
    using _third = await listen(server, 42, { auth: { token } })
  })

  test("an educator opens so many, whatever the tokens", async () => {
    await using server = await startServer({ SOCKETS_PER_EDUCATOR: "2" })
    using _first = await listen(server, 42, { auth: { token: await server.tokenOf(42, 1000) } })
    using _second = await listen(server, 42, { auth: { token: await server.tokenOf(42, 2000) } })
    expect(await refusal(server.url, await server.tokenOf(42, 3000))).toBe("too_many_connections")
    expect(await server.metric(exceeded("educator_sockets"))).toBe(1)
    using _other = await listen(server, 43)
  })

  test("4,000 CONNECTs in one body open one", async () => {
    await using server = await startServer({ CLIENT_RATE: "10000" })
    await using client = await rawClient(server)
    const packet = `0/알림,${JSON.stringify({ token: await server.tokenOf(42) })}`
    await client.say(...Array.from({ length: 4_000 }, () => packet))
    expect(await client.hear()).toStartWith('0/알림,{"sid":')
    expect(await client.hear()).toStartWith('2/알림,["count_알림",')
    expect(await server.metric("allim_sockets")).toBe(1)
    await client.say('2/알림,1["read_알림",{"모두":true}]')
    expect(await client.hear()).toStartWith("3/알림,1[{")
  })

  test("a refused client may connect with another token on the same connection", async () => {
    await using server = await startServer()
    await using client = await rawClient(server)
    await client.say('0/알림,{"token":"rubbish"}')
    expect(await client.hear()).toContain("token_invalid")
    await client.say(`0/알림,${JSON.stringify({ token: await server.tokenOf(42) })}`)
    expect(await client.hear()).toStartWith('0/알림,{"sid":')
    expect(await server.metric("allim_unconnected")).toBe(0)
  })

  test("a connection that has left the namespace is closed", async () => {
    await using server = await startServer()
    const client = await rawClient(server)
    await client.say(`0/알림,${JSON.stringify({ token: await server.tokenOf(42) })}`)
    expect(await client.hear()).toStartWith('0/알림,{"sid":')
    expect(await client.hear()).toStartWith('2/알림,["count_알림",')
    await client.say("1/알림,")
    expect(await client.hear()).toBe("1") // not Socket.IO's any more, but the end of the session
    await client.ended()
    expect(await server.metric("allim_sockets")).toBe(0)
    expect(await server.metric("allim_unconnected")).toBe(0)
  })
})

describe("packets", () => {
  test("events beyond those of a second are refused, and the connection stays", async () => {
    await using server = await startServer({ EVENT_RATE: "2" })
    using client = await listen(server, 42)
    const send = () => client.socket.timeout(5000).emitWithAck("read_알림", { 모두: true })
    const answers = await Promise.all([send(), send(), send(), send(), send()])
    const refused = answers.filter(({ error }) => error?.code === "rate_exceeded").length
    expect(refused).toBeGreaterThan(0)
    expect(await server.metric(exceeded("event_rate"))).toBe(refused)
    expect(client.socket.connected).toBe(true)
  })

  test("a client that floods is cut, and the server answers others", async () => {
    await using server = await startServer()
    using client = await listen(server, 42, { reconnection: false })
    using other = await listen(server, 43)
    let answers = 0
    for (let i = 0; i < 1_000; i++) client.socket.emit("read_알림", { 모두: true }, () => answers++)
    await until(() => !client.socket.connected)
    expect(answers).toBeLessThanOrEqual(200)
    expect(await server.metric(exceeded("client_rate"))).toBe(1)
    expect(await other.socket.timeout(5000).emitWithAck("read_알림", { 모두: true })).toMatchObject({ 모두: true })
  })

  test("all of an educator's sockets together are held to it", async () => {
    await using server = await startServer()
    const clients = await Promise.all(Array.from({ length: 4 }, () => listen(server, 42, { reconnection: false })))
    for (let i = 0; i < 100; i++) for (const { socket } of clients) socket.emit("read_알림", { 모두: true }, () => {})
    await until(() => clients.some(({ socket }) => !socket.connected))
    for (const client of clients) client[Symbol.dispose]()
  })

  test.each([
    ["pongs", "3"],
    ["packets that mean nothing", "6"],
    ["CONNECTs that are refused", '40/알림,{"token":"rubbish"}'],
    ["CONNECTs to nowhere", "40/nowhere,"],
  ])("many in one body end the session: %s", async (_, packet) => {
    await using server = await startServer()
    await using client = await rawClient(server)
    const { status } = await client.post(Array.from({ length: 1_000 }, () => packet).join("\x1e"))
    expect(status).toBe(400)
    expect((await client.poll()).status).toBe(400)
    expect(await server.metric(exceeded("client_rate"))).toBe(1)
    expect(await server.metric("allim_unconnected")).toBe(0)
  })
})

test("a connection without a socket in the namespace is cut in time, and counted", async () => {
  await using server = await startServer({ CONNECT_WITHIN: "1" })
  using educator = await listen(server, 42)
  const client = await rawClient(server)
  await client.ended()
  expect(await server.metric(exceeded("connect_within"))).toBe(1)
  expect(educator.socket.connected).toBe(true)
})

test("a source's requests beyond those of a second are refused, and counted", async () => {
  await using server = await startServer({ SOURCE_RATE: "1" })
  const answers = await Promise.all([server.post([]), server.post([]), server.post([]), server.post([])])
  const refused = answers.filter(({ status }) => status === 429).length
  expect(refused).toBeGreaterThan(0)
  expect(await server.metric(exceeded("source_rate"))).toBe(refused)
})

test("handshakes beyond those that may wait are answered with 503, until one connects", async () => {
  await using server = await startServer({ UNCONNECTED: "2" })
  await using first = await rawClient(server)
  await using _second = await rawClient(server)
  const refused = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`)
  expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "10"])
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`)
  expect(
    await new Promise((resolve) => ["open", "error"].map((type) => socket.addEventListener(type, () => resolve(type)))),
  ).toBe("error")
  expect(await server.metric("allim_unconnected")).toBe(2)
  expect(await server.metric(exceeded("unconnected"))).toBe(2)
  await first.say(`0/알림,${JSON.stringify({ token: await server.tokenOf(42) })}`)
  expect(await first.hear()).toStartWith('0/알림,{"sid":')
  using _third = await listen(server, 43, { transports: ["websocket"] })
})
