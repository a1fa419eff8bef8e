import { expect, test } from "bun:test"
import { connect } from "node:net"
import { until } from "../until.ts"
import { openSocket, openWebSocket, serveEngine, upgradeHeaders } from "./conversation.ts"

test("text and binary messages, each in its own frame, both ways", async () => {
  await using served = serveEngine()
  const client = await openWebSocket(served)
  for (const message of ["4안녕 😀", new Uint8Array([1, 2, 3, 4]), new Uint8Array(), "4 last"]) client.send(message)
  expect(await client.next()).toBe("4안녕 😀")
  expect(await client.next()).toEqual(new Uint8Array([1, 2, 3, 4]).buffer)
  expect(await client.next()).toEqual(new ArrayBuffer(0))
  expect(await client.next()).toBe("4 last")
  client.session.write(new Uint8Array([9, 8, 7]).subarray(1))
  expect(await client.next()).toEqual(new Uint8Array([8, 7]).buffer)
})

test.each(["abc", "", "9", "2", "7\x1e4", "null"])("an invalid packet closes the session: %j", async (packet) => {
  await using served = serveEngine()
  const client = await openWebSocket(served)
  client.send(packet)
  await client.closed
  expect(client.session.readyState).toBe("closed")
})

test("packets that mean nothing to a server are passed over", async () => {
  await using served = serveEngine()
  const client = await openWebSocket(served)
  for (const packet of ["6", "0{}", "5", "4on"]) client.send(packet)
  expect(await client.next()).toBe("4on")
})

test("a client's close packet closes the websocket and the session", async () => {
  await using served = serveEngine()
  const client = await openWebSocket(served)
  client.send("1")
  await client.closed
  await until(() => client.session.readyState === "closed")
})

test("a websocket that closes closes the session", async () => {
  await using served = serveEngine()
  const client = await openWebSocket(served)
  let reason: string | undefined
  client.session.once("close", (why) => {
    reason = why
  })
  client.close()
  await until(() => reason)
  expect(reason).toBe("transport close")
})

test("closed by the server, what was sent before arrives, then the websocket closes", async () => {
  await using served = serveEngine()
  const client = await openWebSocket(served)
  client.session.write("last words")
  client.session.close()
  expect(await client.next()).toBe("4last words")
  await client.closed
})

test("a message over the limit, in bytes, closes the session", async () => {
  await using served = serveEngine({ maxPayload: 100 })
  const fits = await openWebSocket(served)
  fits.send(`4${"가".repeat(33)}`) // exactly 100 bytes
  expect(await fits.next()).toBe(`4${"가".repeat(33)}`)
  const exceeds = await openWebSocket(served)
  exceeds.send(`4${"가".repeat(33)}a`)
  await exceeds.closed
  await until(() => exceeds.session.readyState === "closed")
})

test("a client that stops reading is closed when too much waits for it; the others notice nothing", async () => {
  await using served = serveEngine({ backpressureLimit: 100_000 })
  const reader = await openWebSocket(served)
  const idle = connect(served.server.port as number, "127.0.0.1").pause()
  idle.on("error", () => {})
  const fields = Object.entries({ Host: "localhost", ...upgradeHeaders }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  idle.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${fields.join("")}\r\n`)
  await until(() => served.sessions.length === 2)
  const [, stuck] = served.sessions
  const message = "x".repeat(50_000)
  await until(() => {
    if (stuck?.readyState === "open") stuck.write(message)
    return stuck?.readyState === "closed"
  }, "the session that does not read to be closed")
  reader.send("4hello")
  expect(await reader.next()).toBe("4hello")
  idle.destroy()
})

test("a long burst to a client that reads arrives whole and in order", async () => {
  await using served = serveEngine()
  const client = await openWebSocket(served)
  for (let i = 0; i < 2_000; i++) client.session.write(`${i}`)
  await until(() => client.messages.length === 2_000)
  expect(client.messages).toEqual(Array.from({ length: 2_000 }, (_, i) => `4${i}`))
})

test("when the engine closes, websockets close", async () => {
  await using served = serveEngine()
  const client = await openWebSocket(served)
  served.engine.close()
  await client.closed
})

test("a websocket that is refused does not open", async () => {
  await using served = serveEngine()
  for (const query of ["transport=websocket", "EIO=4", "EIO=4&transport=websocket&sid=nobody"]) {
    await (await openSocket(served.at(query, "ws"))).closed
  }
  expect(served.sessions).toHaveLength(0)
})
