import { expect, test } from "bun:test"
import { until } from "../until.ts"
import { openPolling, serveEngine } from "./conversation.ts"

test("a post is answered ok, as every server answers, and its message comes back by a poll", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const posted = await client.post("4hello")
  expect([posted.status, await posted.text()]).toEqual([200, "ok"])
  expect(posted.headers.get("content-type")).toBe("text/html")
  expect(posted.headers.get("cache-control")).toBe("no-store")
  const polled = await client.get()
  expect([polled.status, await polled.text()]).toEqual([200, "4hello"])
  expect(polled.headers.get("content-type")).toBe("text/plain; charset=UTF-8")
  expect(polled.headers.get("cache-control")).toBe("no-store")
})

test("several packets in one payload, text and binary, keep their order both ways", async () => {
  const received: (string | Buffer)[] = []
  await using served = serveEngine({ onSession: (session) => session.on("data", (data) => received.push(data)) })
  const client = await openPolling(served)
  await client.post("4하나\x1ebAQIDBA==\x1e4😀\x1eb")
  expect(received).toEqual(["하나", Buffer.of(1, 2, 3, 4), "😀", Buffer.of()])
  for (const data of received) client.session.write(data)
  client.session.write(new Uint8Array([9, 8, 7]).subarray(1))
  expect(await client.poll()).toBe("4하나\x1ebAQIDBA==\x1e4😀\x1eb\x1ebCAc=")
})

test("a message reaches a poll that waits", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const { response } = await client.pendingPoll()
  client.session.write("now")
  expect(await (await response).text()).toBe("4now")
})

test("a poll may wait longer than the HTTP server lets a connection be idle", async () => {
  await using served = serveEngine({ pingInterval: 2_500, pingTimeout: 2_500 })
  const client = await openPolling(served)
  expect(await client.poll()).toBe("2")
})

test("a client that says it sends bytes is understood", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const headers = { "content-type": "application/octet-stream" }
  await fetch(client.url, { method: "POST", headers, body: "4hello\x1ebAQIDBA==" })
  expect(await client.poll()).toBe("4hello\x1ebAQIDBA==")
})

test("the limit of a payload is counted in bytes, not in characters", async () => {
  await using served = serveEngine({ maxPayload: 100 })
  const fits = await openPolling(served)
  expect((await fits.post(`4${"가".repeat(33)}`)).status).toBe(200) // exactly 100 bytes
  expect(await fits.poll()).toBe(`4${"가".repeat(33)}`)
  const exceeds = await openPolling(served)
  expect((await exceeds.post(`4${"가".repeat(33)}a`)).status).toBe(413) // 101 bytes, 35 characters
  expect((await exceeds.get()).status).toBe(400)
})

test("a body that does not say its length is read no further than the limit", async () => {
  await using served = serveEngine({ maxPayload: 1_000 })
  const client = await openPolling(served)
  let sent = 0
  const endless = new ReadableStream({
    async pull(controller) {
      sent += 500
      controller.enqueue(new Uint8Array(500).fill(52))
      await Bun.sleep(1)
    },
  })
  expect((await client.post(endless)).status).toBe(413)
  expect(sent).toBeLessThan(1_000_000)
  expect((await client.get()).status).toBe(400)
})

test.each(["", "abc", "4fine\x1e", "4fine\x1e9nine", "\x1e", "{}", "4fine\x1e\x1e4fine", "\u{1F600}", "-1"])(
  "an invalid payload closes the session: %j",
  async (payload) => {
    await using served = serveEngine()
    const client = await openPolling(served)
    const { response } = await client.pendingPoll()
    expect((await client.post(payload)).status).toBe(400)
    expect(await (await response).text()).toBe(payload.startsWith("4fine") ? "4fine" : "1")
    expect((await client.get()).status).toBe(400)
    expect(client.session.readyState).toBe("closed")
  },
)

test("a ping from a client, which in this version only a server sends, closes the session", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  await client.post("2")
  expect((await client.get()).status).toBe(400)
})

test("packets that mean nothing to a server are passed over", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  expect((await client.post("6\x1e0{}\x1e5\x1e4on")).status).toBe(200)
  expect(await client.poll()).toBe("4on")
})

test("a second poll beside a waiting one is refused and closes the session", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const { response } = await client.pendingPoll()
  expect((await client.get()).status).toBe(400)
  expect([(await response).status, await (await response).text()]).toEqual([200, "1"])
  expect((await client.get()).status).toBe(400)
})

test("a second post beside one that is still being read is refused and closes the session", async () => {
  const received: unknown[] = []
  await using served = serveEngine({ onSession: (session) => session.on("data", (data) => received.push(data)) })
  const client = await openPolling(served)
  const first = await client.slowPost("4first")
  expect((await client.post("4second")).status).toBe(400)
  expect(client.session.readyState).toBe("closed")
  first.finish()
  expect((await first.response).status).toBe(400)
  expect(received).toEqual([])
})

test("a client's close packet ends its waiting poll with a noop, and the session", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  let reason: string | undefined
  client.session.once("close", (why) => {
    reason = why
  })
  const { response } = await client.pendingPoll()
  expect((await client.post("1")).status).toBe(200)
  expect(await (await response).text()).toBe("6")
  expect(reason).toBe("transport close")
  expect((await client.get()).status).toBe(400)
  expect((await client.post("4late")).status).toBe(400)
})

test("what follows a close packet in the same payload is not delivered", async () => {
  const received: unknown[] = []
  await using served = serveEngine({ onSession: (session) => session.on("data", (data) => received.push(data)) })
  const client = await openPolling(served)
  expect((await client.post("4before\x1e1\x1e4after")).status).toBe(200)
  expect(received).toEqual(["before"])
})

test("closed by the server, a waiting poll is told", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const { response } = await client.pendingPoll()
  client.session.close()
  expect(await (await response).text()).toBe("1")
  expect((await client.get()).status).toBe(400)
})

test("closed by the server between two polls, the next poll is told", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  client.session.close()
  expect(await client.poll()).toBe("1")
  expect((await client.get()).status).toBe(400)
})

test("closed by the server between two polls, the next poll brings what was sent before, then the close", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  client.session.write("last words")
  client.session.close()
  client.session.write("too late")
  expect(await client.poll()).toBe("4last words\x1e1")
  expect((await client.get()).status).toBe(400)
})

test("closed by the server, a client that never polls again is forgotten", async () => {
  await using served = serveEngine({ pingInterval: 100, pingTimeout: 100 })
  const client = await openPolling(served)
  client.session.close()
  await until(() => client.session.readyState === "closed")
  expect((await client.get()).status).toBe(400)
})

test("a poll that is given up closes the session, so that nothing is sent into the void", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  const giveUp = new AbortController()
  await client.pendingPoll({ signal: giveUp.signal })
  giveUp.abort()
  await until(() => client.session.readyState === "closed")
  client.session.write("lost")
  expect((await client.get()).status).toBe(400)
})

test("a post that is given up closes the session, and half a payload is not read", async () => {
  const received: unknown[] = []
  await using served = serveEngine({ onSession: (session) => session.on("data", (data) => received.push(data)) })
  const client = await openPolling(served)
  const half = await client.slowPost("4one\x1e4tw")
  half.abort()
  await until(() => client.session.readyState === "closed")
  expect(received).toEqual([])
})

test("a client that does not poll is closed when too much waits for it", async () => {
  await using served = serveEngine({ backpressureLimit: 10_000 })
  const client = await openPolling(served)
  for (let i = 0; i < 10; i++) client.session.write("x".repeat(1_000))
  expect((await client.poll()).length).toBe(10 * 1_001 + 9)
  for (let i = 0; i < 20; i++) client.session.write("x".repeat(1_000))
  expect(client.session.readyState).toBe("closed")
  expect((await client.get()).status).toBe(400)
})

test("one message larger than the limit of what may wait still arrives", async () => {
  await using served = serveEngine({ backpressureLimit: 1_000 })
  const client = await openPolling(served)
  client.session.write("x".repeat(50_000))
  expect((await client.poll()).length).toBe(50_001)
  client.session.write("on")
  expect(await client.poll()).toBe("4on")
})

test("when the engine closes, waiting polls are told and nothing stays behind", async () => {
  await using served = serveEngine()
  const [waiting, away] = [await openPolling(served), await openPolling(served)]
  const { response } = await waiting.pendingPoll()
  served.engine.close()
  expect(await (await response).text()).toBe("1")
  expect(away.session.readyState).toBe("closed")
})
