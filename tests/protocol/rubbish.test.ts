import { afterAll, expect, test } from "bun:test"
import fc from "fast-check"
import { Server } from "socket.io"
import { until } from "../until.ts"
import { openPolling, openSocket, openWebSocket, rawRequest, serveEngine, upgradeHeaders } from "./conversation.ts"

/** One server takes everything: whatever it is sent, it answers below 500, stays alive and serves the next client. */
const io = new Server()
for (const namespace of [io.of("/"), io.of("/알림")]) {
  namespace.on("connection", (socket) => {
    socket.onAny((...args) => socket.emit("echo", ...args.filter((arg) => typeof arg !== "function")))
  })
}
const served = serveEngine({ io, maxPayload: 10_000 })
const uncaught: unknown[] = []
const onUncaught = (error: unknown) => uncaught.push(error)
process.on("uncaughtException", onUncaught)
process.on("unhandledRejection", onUncaught)
afterAll(async () => {
  process.off("uncaughtException", onUncaught)
  process.off("unhandledRejection", onUncaught)
  await served[Symbol.asyncDispose]()
})

async function stillServes() {
  const client = await openWebSocket(served)
  client.send("40")
  expect(await client.next()).toStartWith("40{")
  client.close()
  await client.closed
  expect(uncaught).toEqual([])
}

/** Texts that look like packets, and are nearly right. */
const packet = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .tuple(
      fc.constantFrom("0", "1", "2", "3", "4", "5", "6", "7", "b", ""),
      fc.constantFrom("0", "1", "2", "3", "4", "5", "6", "9", ""),
      fc.constantFrom("", "1-", "2-", "0-", "-", "99999999999-"),
      fc.constantFrom("", "/,", "/알림,", "/알림", "/members,", "/__proto__,", "//,"),
      fc.constantFrom("", "0", "7", "99999999999999999999", "-1", "1e3", " "),
      fc.oneof(
        fc.constantFrom(
          "",
          "[]",
          "{}",
          "null",
          '["message"]',
          '["__proto__",1]',
          '["connect"]',
          '["toString"]',
          "[[[[",
        ),
        fc.constantFrom(
          '["m",{"_placeholder":true,"num":0}]',
          '["m",{"_placeholder":true,"num":-1}]',
          '[{"_placeholder":true}]',
        ),
        fc.json(),
        fc.json().map((json) => `["message",${json}]`),
      ),
    )
    .map((parts) => parts.join("")),
)

test("any query, method and headers", async () => {
  const parameter = (...values: string[]) =>
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values) }, fc.string(), fc.constant(undefined))
  const query = fc.record({
    EIO: parameter("4", "3", ""),
    transport: parameter("polling", "websocket", "webtransport"),
    sid: parameter("nobody", "__proto__", "constructor"),
    j: parameter("0"),
  })
  const headers = fc.record(
    {
      Upgrade: fc.constantFrom("websocket", "WebSocket", "h2c", "websocket, h2c"),
      Connection: fc.constantFrom("Upgrade", "keep-alive", "close"),
      "Sec-WebSocket-Key": fc.constantFrom("dGhlIHNhbXBsZSBub25jZQ==", "short"),
      "Sec-WebSocket-Version": fc.constantFrom("13", "8"),
      Origin: fc.constantFrom("null", "https://lms.example", "::", "a b"),
    },
    { requiredKeys: [] },
  )
  const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
  await fc.assert(
    fc.asyncProperty(query, method, headers, async (query, method, headers) => {
      const present = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
      const length: Record<string, string> = method === "GET" || method === "OPTIONS" ? {} : { "Content-Length": "0" }
      const { status } = await rawRequest(served, method, `${new URLSearchParams(present)}`, {
        ...(headers as Record<string, string>),
        ...length,
      })
      expect([101, 200, 204, 400, 426]).toContain(status)
    }),
    { numRuns: 300 },
  )
  await stillServes()
})

test("any payload posted, before and after CONNECT", async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(packet, { maxLength: 5 }), async (connected, packets) => {
      const client = await openPolling(served)
      if (connected) await client.post("40\x1e40/알림,")
      const { status } = await client.post(packets.join("\x1e"))
      expect([200, 400, 413]).toContain(status)
      await client.post("1")
    }),
    { numRuns: 300 },
  )
  await stillServes()
})

test("any bytes posted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const client = await openPolling(served)
      expect([200, 400, 413]).toContain((await client.post(Buffer.from(bytes))).status)
      await client.post("1")
    }),
    { numRuns: 100 },
  )
  await stillServes()
})

test("any frames, before and after CONNECT", async () => {
  const frame = fc.oneof(packet, packet, fc.uint8Array({ maxLength: 50 }))
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(frame, { maxLength: 8 }), async (connected, frames) => {
      const client = await openWebSocket(served)
      if (connected) client.send("40")
      for (const data of frames) client.send(typeof data === "string" ? data : new Uint8Array(data))
      client.close()
      await client.closed
      await until(() => client.session.readyState === "closed")
    }),
    { numRuns: 300 },
  )
  await stillServes()
})

test("any frames during an upgrade leave the session polling, upgraded or closed", async () => {
  const frame = fc.oneof(fc.constantFrom("2probe", "5"), packet)
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 5 }), async (frames) => {
      const client = await openPolling(served)
      const probe = await openSocket(served.at(`EIO=4&transport=websocket&sid=${client.sid}`, "ws"))
      for (const data of frames) probe.send(data)
      probe.close()
      await probe.closed
      await until(() => client.session.upgradeState !== "upgrading")
      expect([200, 400]).toContain((await client.post("1")).status)
      await until(() => client.session.readyState === "closed")
    }),
    { numRuns: 200 },
  )
  await until(() => served.server.pendingWebSockets === 0)
  await stillServes()
})

test("a poll, a message and a close at the same time", async () => {
  for (let i = 0; i < 100; i++) {
    const client = await openPolling(served)
    const answers = await Promise.all([
      client.post("1"),
      client.get(),
      client.post("4"),
      client.get(),
      client.post("1"),
    ])
    expect(answers.filter(({ status }) => status !== 200 && status !== 400)).toEqual([])
  }
  await stillServes()
})

test("deeply nested JSON, and the largest payloads", async () => {
  for (const payload of [
    `42["m",${"[".repeat(4_000)}${"]".repeat(4_000)}]`,
    `40${'{"a":'.repeat(1_500)}1${"}".repeat(1_500)}`,
    `4${"2".repeat(9_000)}`,
  ]) {
    const client = await openPolling(served)
    await client.post("40")
    expect([200, 400]).toContain((await client.post(payload)).status)
  }
  await stillServes()
})

test("websockets that break off in the middle of their opening", async () => {
  for (const headers of [upgradeHeaders, { ...upgradeHeaders, "Sec-WebSocket-Version": "7" }]) {
    for (let i = 0; i < 20; i++) await rawRequest(served, "GET", "EIO=4&transport=websocket", headers)
  }
  await until(() => served.server.pendingWebSockets === 0)
  await stillServes()
})
