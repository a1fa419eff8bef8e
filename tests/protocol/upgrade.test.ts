import { expect, test } from "bun:test"
import { until } from "../until.ts"
import { openPolling, openProbe, type Served, serveEngine } from "./conversation.ts"

/** What a client does to upgrade, from the probe on. */
async function upgrade(served: Served, sid: string) {
  const socket = await openProbe(served, sid)
  socket.send("2probe")
  expect(await socket.next()).toBe("3probe")
  socket.send("5")
  return socket
}

test("a probe is answered, the waiting poll released, and the session goes on over the websocket", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const { response } = await client.pendingPoll()
  const socket = await openProbe(served, client.sid)
  socket.send("2probe")
  expect(await socket.next()).toBe("3probe")
  expect(await (await response).text()).toBe("6")
  socket.send("5")
  socket.send("4hello")
  expect(await socket.next()).toBe("4hello")
  socket.send(new Uint8Array([1, 2]))
  expect(await socket.next()).toEqual(new Uint8Array([1, 2]).buffer)
  expect(served.sessions).toHaveLength(1)
})

test("a poll that comes after the probe is released too", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const socket = await openProbe(served, client.sid)
  socket.send("2probe")
  expect(await socket.next()).toBe("3probe")
  expect(await client.poll()).toBe("6")
  expect(await client.poll()).toBe("6")
  socket.send("5")
  socket.send("4hello")
  expect(await socket.next()).toBe("4hello")
})

test("a poll that still waits at the upgrade ends with a noop, not with a close", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const { response } = await client.pendingPoll()
  const socket = await openProbe(served, client.sid)
  socket.send("5")
  expect(await (await response).text()).toBe("6")
  socket.send("4hello")
  expect(await socket.next()).toBe("4hello")
})

test("what is sent during the upgrade arrives once and in order", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const { response } = await client.pendingPoll()
  client.session.write("1")
  expect(await (await response).text()).toBe("41")
  const socket = await openProbe(served, client.sid)
  client.session.write("2")
  socket.send("2probe")
  expect(await socket.next()).toBe("3probe")
  client.session.write("3")
  await client.post("4from the client")
  expect(await client.poll()).toBe("42\x1e43\x1e4from the client")
  client.session.write("4")
  client.session.write(new Uint8Array([5]))
  socket.send("5")
  await until(() => client.session.transport.name === "websocket")
  client.session.write("6")
  expect([await socket.next(), await socket.next(), await socket.next()]).toEqual([
    "44",
    new Uint8Array([5]).buffer,
    "46",
  ])
})

test("after the upgrade, polling is refused and the session unharmed", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const socket = await upgrade(served, client.sid)
  await until(() => client.session.transport.name === "websocket")
  for (const refused of [await client.get(), await client.post("4no")]) {
    expect([refused.status, await refused.json()]).toEqual([400, { code: 3, message: "Bad request" }])
  }
  socket.send("4hello")
  expect(await socket.next()).toBe("4hello")
})

test("after the upgrade, another websocket is taken and closed, not refused, and the session unharmed", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const socket = await upgrade(served, client.sid)
  await until(() => client.session.transport.name === "websocket")
  const events: string[] = []
  const another = new WebSocket(served.at(`EIO=4&transport=websocket&sid=${client.sid}`, "ws"))
  for (const type of ["open", "close", "error"]) another.addEventListener(type, () => events.push(type))
  await until(() => another.readyState === WebSocket.CLOSED)
  expect(events).toEqual(["open", "close"])
  socket.send("4hello")
  expect(await socket.next()).toBe("4hello")
})

test("a websocket that closes after its probe leaves the session polling, and it can upgrade again", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const gone = await openProbe(served, client.sid)
  gone.send("2probe")
  expect(await gone.next()).toBe("3probe")
  gone.close()
  await until(() => client.session.upgradeState === "not_upgraded")
  await client.post("4over polling")
  expect(await client.poll()).toBe("4over polling")
  const socket = await upgrade(served, client.sid)
  socket.send("4over the websocket")
  expect(await socket.next()).toBe("4over the websocket")
})

test.each(["4hello", "rubbish", "2", "2prob", "3probe", "6", "", "1"])(
  "a probe that says %j is closed, the session keeps polling, and can upgrade again",
  async (packet) => {
    await using served = serveEngine()
    const client = await openPolling(served)
    const probe = await openProbe(served, client.sid)
    probe.send(packet)
    await probe.closed
    await until(() => client.session.upgradeState === "not_upgraded")
    await client.post("4over polling")
    expect(await client.poll()).toBe("4over polling")
    const socket = await upgrade(served, client.sid)
    socket.send("4over the websocket")
    expect(await socket.next()).toBe("4over the websocket")
  },
)

test("rubbish after a good probe closes the websocket, and polls are no longer cut short", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const probe = await openProbe(served, client.sid)
  probe.send("2probe")
  expect(await probe.next()).toBe("3probe")
  probe.send(new Uint8Array([5]))
  await probe.closed
  const { response } = await client.pendingPoll()
  await Bun.sleep(250) // more than two rounds of releasing
  client.session.write("whole")
  expect(await (await response).text()).toBe("4whole")
})

test("a second probe at the same time is closed, not leaked, and the first one goes on", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const first = await openProbe(served, client.sid)
  first.send("2probe")
  expect(await first.next()).toBe("3probe")
  await (await openProbe(served, client.sid)).closed
  await until(() => served.server.pendingWebSockets === 1)
  first.send("5")
  first.send("4hello")
  expect(await first.next()).toBe("4hello")
})

test("a probe sent twice is answered twice and leaves nothing running", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const probe = await openProbe(served, client.sid)
  probe.send("2probe")
  probe.send("2probe")
  expect([await probe.next(), await probe.next()]).toEqual(["3probe", "3probe"])
  probe.close()
  await until(() => served.server.pendingWebSockets === 0)
  const { response } = await client.pendingPoll()
  await Bun.sleep(250) // a forgotten timer would release this poll
  client.session.write("whole")
  expect(await (await response).text()).toBe("4whole")
})

test("an upgrade that is not completed in time is cancelled, and can be tried again", async () => {
  await using served = serveEngine({ upgradeTimeout: 150 })
  const client = await openPolling(served)
  const slow = await openProbe(served, client.sid)
  slow.send("2probe")
  expect(await slow.next()).toBe("3probe")
  await slow.closed
  await client.post("4over polling")
  expect(await client.poll()).toBe("4over polling")
  const socket = await upgrade(served, client.sid)
  socket.send("4over the websocket")
  expect(await socket.next()).toBe("4over the websocket")
})

test("the timeout of a failed upgrade does not cancel the next one", async () => {
  await using served = serveEngine({ upgradeTimeout: 300 })
  const client = await openPolling(served)
  const failed = await openProbe(served, client.sid)
  failed.send("rubbish")
  await failed.closed
  const socket = await upgrade(served, client.sid)
  await Bun.sleep(400) // past both timeouts
  socket.send("4hello")
  expect(await socket.next()).toBe("4hello")
})

test("a session that ends during an upgrade takes its probe with it", async () => {
  await using served = serveEngine({ upgradeTimeout: 60_000 })
  const client = await openPolling(served)
  const probe = await openProbe(served, client.sid)
  probe.send("2probe")
  expect(await probe.next()).toBe("3probe")
  await client.post("1")
  await probe.closed
  await until(() => served.server.pendingWebSockets === 0)
  expect((await client.get()).status).toBe(400)
})

test("a session that the server closes during an upgrade says its last words over the websocket", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const socket = await openProbe(served, client.sid)
  socket.send("2probe")
  expect(await socket.next()).toBe("3probe")
  client.session.write("last words")
  client.session.close()
  socket.send("5")
  expect(await socket.next()).toBe("4last words")
  await socket.closed
  expect(client.session.readyState).toBe("closed")
})

test("a post that is still under way at the upgrade is refused, not swallowed", async () => {
  const received: unknown[] = []
  await using served = serveEngine({ onSession: (session) => session.on("data", (data) => received.push(data)) })
  const client = await openPolling(served)
  const late = await client.slowPost("4late")
  await upgrade(served, client.sid)
  await until(() => client.session.transport.name === "websocket")
  late.finish()
  expect((await late.response).status).toBe(400)
  expect(received).toEqual([])
  expect(client.session.readyState).toBe("open")
})
