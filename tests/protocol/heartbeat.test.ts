import { expect, test } from "bun:test"
import { until } from "../until.ts"
import { openPolling, openProbe, openWebSocket, serveEngine } from "./conversation.ts"

const quick = { pingInterval: 60, pingTimeout: 5_000 }
const strict = { pingInterval: 60, pingTimeout: 120 }

test("polling: a ping follows each pong", async () => {
  await using served = serveEngine(quick)
  const client = await openPolling(served)
  for (let i = 0; i < 6; i++) {
    expect(await client.poll()).toBe("2")
    expect((await client.post("3")).status).toBe(200)
  }
})

test("websocket: a ping follows each pong", async () => {
  await using served = serveEngine(quick)
  const client = await openWebSocket(served)
  for (let i = 0; i < 6; i++) {
    expect(await client.next()).toBe("2")
    client.send("3")
  }
})

test("pings go on after an upgrade", async () => {
  await using served = serveEngine(quick)
  const client = await openPolling(served)
  expect(await client.poll()).toBe("2")
  const probe = await openProbe(served, client.sid)
  probe.send("2probe")
  expect(await probe.next()).toBe("3probe")
  probe.send("5")
  probe.send("3")
  for (let i = 0; i < 4; i++) {
    expect(await probe.next()).toBe("2")
    probe.send("3")
  }
})

test("polling: a client that does not answer is closed", async () => {
  await using served = serveEngine(strict)
  const client = await openPolling(served)
  let reason: string | undefined
  client.session.once("close", (why) => {
    reason = why
  })
  expect(await client.poll()).toBe("2")
  await until(() => reason)
  expect(reason).toBe("ping timeout")
  expect((await client.get()).status).toBe(400)
})

test("polling: the poll that waits when the client is given up is told", async () => {
  await using served = serveEngine({ pingInterval: 60, pingTimeout: 400 })
  const client = await openPolling(served)
  expect(await client.poll()).toBe("2")
  expect(await client.poll()).toBe("1")
})

test("websocket: a client that does not answer is closed", async () => {
  await using served = serveEngine(strict)
  const client = await openWebSocket(served)
  await client.closed
  expect(client.session.readyState).toBe("closed")
  expect(client.messages).toEqual(["2"])
})

test("pongs that answer no ping do not multiply the pings", async () => {
  await using served = serveEngine({ pingInterval: 150, pingTimeout: 5_000 })
  const client = await openWebSocket(served)
  for (let i = 0; i < 20; i++) client.send("3")
  client.send("4read")
  expect(await client.next()).toBe("4read")
  expect(await client.next()).toBe("2")
  await Bun.sleep(100) // no ping may follow while this one is unanswered
  expect(client.messages).toEqual([])
})
