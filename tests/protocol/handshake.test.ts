import { expect, test } from "bun:test"
import { openPolling, openSocket, openWebSocket, rawRequest, serveEngine, upgradeHeaders } from "./conversation.ts"

const settings = { pingInterval: 400, pingTimeout: 300, maxPayload: 12_345 }
const opened = { sid: expect.any(String), pingInterval: 400, pingTimeout: 300, maxPayload: 12_345 }

test("polling: the open packet says what the client must know", async () => {
  await using served = serveEngine(settings)
  const response = await fetch(served.at("EIO=4&transport=polling"))
  expect(response.status).toBe(200)
  expect(response.headers.get("content-type")).toBe("text/plain; charset=UTF-8")
  expect(response.headers.get("cache-control")).toBe("no-store")
  const text = await response.text()
  expect(text[0]).toBe("0")
  expect(JSON.parse(text.slice(1))).toEqual({ ...opened, upgrades: ["websocket"] })
})

test("websocket: the open packet, with nothing to upgrade to", async () => {
  await using served = serveEngine(settings)
  const socket = await openSocket(served.at("EIO=4&transport=websocket", "ws"))
  const text = String(await socket.next())
  expect(text[0]).toBe("0")
  expect(JSON.parse(text.slice(1))).toEqual({ ...opened, upgrades: [] })
})

test("every session has an id of its own, not to be guessed", async () => {
  await using served = serveEngine()
  const sids = await Promise.all(Array.from({ length: 50 }, async () => (await openPolling(served)).sid))
  expect(new Set(sids).size).toBe(50)
  expect(sids.every((sid) => sid.length >= 20)).toBe(true)
})

const unknownTransport = { code: 0, message: "Transport unknown" }
const unknownSession = { code: 1, message: "Session ID unknown" }
const badHandshakeMethod = { code: 2, message: "Bad handshake method" }
const badRequest = { code: 3, message: "Bad request" }
const unsupportedVersion = { code: 5, message: "Unsupported protocol version" }

test.each([
  ["no transport", "GET", "EIO=4", {}, unknownTransport],
  ["an unknown transport", "GET", "EIO=4&transport=carrier-pigeon", {}, unknownTransport],
  ["an unknown transport as a websocket", "GET", "EIO=4&transport=abc", upgradeHeaders, unknownTransport],
  ["no version", "GET", "transport=polling", {}, unsupportedVersion],
  ["version 3", "GET", "EIO=3&transport=polling", {}, unsupportedVersion],
  ["version abc", "GET", "EIO=abc&transport=polling", {}, unsupportedVersion],
  ["no version as a websocket", "GET", "transport=websocket", upgradeHeaders, unsupportedVersion],
  ["version 3 as a websocket", "GET", "EIO=3&transport=websocket", upgradeHeaders, unsupportedVersion],
  ["POST", "POST", "EIO=4&transport=polling", { "Content-Length": "0" }, badHandshakeMethod],
  ["PUT", "PUT", "EIO=4&transport=polling", { "Content-Length": "0" }, badHandshakeMethod],
  ["DELETE", "DELETE", "EIO=4&transport=polling", {}, badHandshakeMethod],
  ["an unknown session", "GET", "EIO=4&transport=polling&sid=nobody", {}, unknownSession],
  [
    "a post to an unknown session",
    "POST",
    "EIO=4&transport=polling&sid=nobody",
    { "Content-Length": "0" },
    unknownSession,
  ],
  ["an upgrade of an unknown session", "GET", "EIO=4&transport=websocket&sid=nobody", upgradeHeaders, unknownSession],
  ["a prototype's name as a session", "GET", "EIO=4&transport=polling&sid=__proto__", {}, unknownSession],
  ["transport=websocket without an upgrade", "GET", "EIO=4&transport=websocket", {}, badRequest],
  ["transport=websocket with another upgrade", "GET", "EIO=4&transport=websocket", { Upgrade: "h2c" }, badRequest],
  ["a websocket with transport=polling", "GET", "EIO=4&transport=polling", upgradeHeaders, badRequest],
  [
    "a websocket without a key",
    "GET",
    "EIO=4&transport=websocket",
    { Connection: "Upgrade", Upgrade: "websocket" },
    badRequest,
  ],
])("refused with code and message: %s", async (_, method, query, headers, answer) => {
  await using served = serveEngine()
  const response = await rawRequest(served, method, query, headers as Record<string, string>)
  expect({ status: response.status, body: JSON.parse(response.body) }).toEqual({ status: 400, body: answer })
  expect(response.headers.get("content-type")).toBe("application/json")
  expect(response.headers.get("cache-control")).toBe("no-store")
  expect(served.sessions).toHaveLength(0)
})

test.each([
  ["no version", "GET", "transport=polling", {}],
  ["version 3", "GET", "EIO=3&transport=polling", {}],
  ["transport=websocket without an upgrade", "GET", "EIO=4&transport=websocket", {}],
  ["a websocket with transport=polling", "GET", "EIO=4&transport=polling", upgradeHeaders],
  ["a websocket without a key", "GET", "EIO=4&transport=websocket", { Connection: "Upgrade", Upgrade: "websocket" }],
  ["a websocket of version 3", "GET", "EIO=3&transport=websocket", upgradeHeaders],
  ["PUT", "PUT", "EIO=4&transport=polling", { "Content-Length": "0" }],
  ["DELETE", "DELETE", "EIO=4&transport=polling", {}],
])("refused within a session, which goes on: %s", async (_, method, query, headers) => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const response = await rawRequest(served, method, `${query}&sid=${client.sid}`, headers as Record<string, string>)
  expect({ status: response.status, body: JSON.parse(response.body) }).toEqual({ status: 400, body: badRequest })
  await client.post("4still here")
  expect(await client.poll()).toBe("4still here")
})

test("a polling request that offers HTTP/2 (curl --http2) is a polling request", async () => {
  await using served = serveEngine()
  const offer = { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABkAAQAoAAAAAIAAAAA" }
  const response = await rawRequest(served, "GET", "EIO=4&transport=polling", offer)
  expect({ status: response.status, first: response.body[0] }).toEqual({ status: 200, first: "0" })
})

test("a session knows its peer's address and its request, on both transports", async () => {
  await using served = serveEngine()
  const polling = await openPolling(served)
  const websocket = await openWebSocket(served)
  for (const { session } of [polling, websocket]) {
    expect(session.remoteAddress).toBe("127.0.0.1")
    expect((session as unknown as { request: unknown }).request).toMatchObject({
      url: expect.stringMatching(/^\/socket\.io\/\?EIO=4&transport=/),
      headers: { host: expect.any(String) },
      _query: { EIO: "4" },
      connection: { encrypted: false },
    })
  }
})

test("a request over TLS is known as such", async () => {
  await using served = serveEngine()
  await served.engine.fetch(new Request("https://lms.example/socket.io/?EIO=4&transport=polling"), served.server)
  expect((served.sessions[0] as unknown as { request: unknown }).request).toMatchObject({
    connection: { encrypted: true },
  })
})
