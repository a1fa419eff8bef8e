import { expect, test } from "bun:test"
import { connect as connectTcp } from "node:net"
import { until } from "../until.ts"
import {
  openPolling,
  openProbe,
  openWebSocket,
  type ServerSession,
  serveEngine,
  upgradeHeaders,
} from "./conversation.ts"

test("while no more sessions are admitted, handshakes are answered with 503, and sessions go on", async () => {
  let room = true
  await using served = serveEngine({ admit: () => room })
  const client = await openPolling(served)
  room = false
  const refused = await fetch(served.at("EIO=4&transport=polling"))
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"])
  const websocket = await fetch(served.at("EIO=4&transport=websocket"), { headers: upgradeHeaders })
  expect(websocket.status).toBe(503)
  await client.post("4on")
  expect(await client.poll()).toBe("4on")
  const probe = await openProbe(served, client.sid)
  probe.send("2probe")
  expect(await probe.next()).toBe("3probe")
  expect(served.sessions).toHaveLength(1)
})

test("discarded, a session that nobody polls is gone at once, and one whose poll waits is told", async () => {
  await using served = serveEngine()
  const [away, waiting] = [await openPolling(served), await openPolling(served)]
  const { response } = await waiting.pendingPoll()
  for (const { session } of [away, waiting]) session.close(true)
  expect(away.session.readyState).toBe("closed")
  expect(await (await response).text()).toBe("1")
  expect((await away.get()).status).toBe(400)
})

test("discarded after it was closed, a session does not wait for its next poll any more", async () => {
  await using served = serveEngine()
  const client = await openPolling(served)
  client.session.close()
  client.session.close(true)
  expect((await client.get()).status).toBe(400)
})

/** Closes a session at its third packet. */
function counting() {
  const counts = { packets: 0 }
  const onSession = (session: ServerSession) => {
    session.on("packet" as "data", () => {
      counts.packets += 1
      if (counts.packets === 3) session.close(true)
    })
  }
  return { counts, onSession }
}

test("a body is parsed no further than the packet at which its session is closed", async () => {
  const { counts, onSession } = counting()
  await using served = serveEngine({ onSession })
  const client = await openPolling(served)
  expect((await client.post("4\x1e".repeat(400_000))).status).toBe(400)
  expect(counts.packets).toBe(3)
})

test.each([
  ["probes", ["2probe", "2probe", "2probe"]],
  ["packets that mean nothing", ["6", "0", "6"]],
])("packets count, whatever they are: %s", async (what, packets) => {
  const { onSession } = counting()
  await using served = serveEngine({ onSession })
  const client = await openPolling(served)
  const socket = what === "probes" ? await openProbe(served, client.sid) : await openWebSocket(served)
  for (const packet of packets) socket.send(packet)
  await socket.closed
  // The session itself, and not only an attempt to upgrade it, whose time is up after a while.
  expect(served.sessions.at(what === "probes" ? 0 : 1)?.readyState).toBe("closed")
})

test("a websocket's own pings count", async () => {
  const { onSession } = counting()
  await using served = serveEngine({ onSession })
  const socket = connectTcp(served.server.port as number, "127.0.0.1")
  const closed = new Promise((resolve) => socket.on("close", resolve))
  const headers = Object.entries({ Host: "localhost", ...upgradeHeaders }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  socket.write(`GET ${served.engine.path}?EIO=4&transport=websocket HTTP/1.1\r\n${headers.join("")}\r\n`)
  await until(() => served.sessions.length === 1)
  for (let i = 0; i < 3; i++) socket.write(new Uint8Array([0x89, 0x80, 0, 0, 0, 0])) // fin, ping, masked, empty
  await until(() => served.sessions[0]?.readyState === "closed")
  socket.resume().end()
  await closed
})

test("of a handshake's headers a session keeps what it needs, and no address that is far too long is taken", async () => {
  await using served = serveEngine()
  const long = "x".repeat(4_000)
  const headers = { Cookie: long, "X-A": long, "X-B": long, Authorization: "Bearer token", "Accept-Language": "ko" }
  await (await fetch(served.at("EIO=4&transport=polling"), { headers })).text()
  const { request } = served.sessions[0] as unknown as { request: { headers: Record<string, string> } }
  expect(request.headers).toMatchObject({ authorization: "Bearer token", "accept-language": "ko" })
  expect(Object.values(request.headers).join("").length).toBeLessThan(5_000)
  expect((await fetch(served.at(`EIO=4&transport=polling&x=${long}`))).status).toBe(400)
})
