// What both official suites ask: an Engine.IO session is opened, kept alive, closed and upgraded.
import { expect } from "bun:test"
import { until } from "../until.ts"
import { openSocket } from "./conversation.ts"
import { OFFICIAL } from "./official.ts"
import type { Case } from "./suite.ts"
import { fateOf, openPolling, openProbe, openWebSocket, polling, websocket } from "./suite-client.ts"

const { pingInterval, pingTimeout } = OFFICIAL
const opened = { sid: expect.any(String), pingInterval, pingTimeout, maxPayload: 1_000_000 }

export const handshake = {
  polling: {
    async opens({ official }) {
      const response = await fetch(polling(official, "EIO=4&transport=polling"))
      expect(response.status).toBe(200)
      const text = await response.text()
      expect(text[0]).toBe("0")
      expect(JSON.parse(text.slice(1))).toEqual({ ...opened, upgrades: ["websocket"] })
    },
    async needsVersion({ patient }) {
      for (const query of ["transport=polling", "EIO=abc&transport=polling"])
        expect((await fetch(polling(patient, query))).status).toBe(400)
    },
    async needsTransport({ patient }) {
      for (const query of ["EIO=4", "EIO=4&transport=abc"])
        expect((await fetch(polling(patient, query))).status).toBe(400)
    },
    async needsGet({ patient }) {
      for (const method of ["POST", "PUT"])
        expect((await fetch(polling(patient, "EIO=4&transport=polling"), { method })).status).toBe(400)
    },
  },
  websocket: {
    async opens({ official }) {
      const socket = await openSocket(websocket(official, "EIO=4&transport=websocket"))
      const text = String(await socket.next())
      expect(text[0]).toBe("0")
      expect(JSON.parse(text.slice(1))).toEqual({ ...opened, upgrades: [] })
      socket.close()
    },
    async needsVersion({ patient }) {
      for (const query of ["transport=websocket", "EIO=abc&transport=websocket"])
        expect(await fateOf(websocket(patient, query))).not.toContain("message")
    },
    async needsTransport({ patient }) {
      for (const query of ["EIO=4", "EIO=4&transport=abc"])
        expect(await fateOf(websocket(patient, query))).not.toContain("message")
    },
  },
} satisfies Record<string, Record<string, Case>>

export const heartbeat = {
  polling: {
    async beats({ beating }) {
      const client = await openPolling(beating)
      for (let beat = 0; beat < 3; beat++) {
        const ping = await client.get()
        expect([ping.status, await ping.text()]).toEqual([200, "2"])
        expect((await client.post("3")).status).toBe(200)
      }
    },
    /** Silent for as long as may be, then polling without a pong: a session that lives would go on answering. */
    async ends({ official }) {
      const client = await openPolling(official)
      await Bun.sleep(pingInterval + pingTimeout)
      await until(async () => (await client.get()).status === 400)
    },
  },
  websocket: {
    async beats({ beating }) {
      const socket = await openWebSocket(beating)
      for (let beat = 0; beat < 3; beat++) {
        expect(await socket.next()).toBe("2")
        socket.send("3")
      }
      socket.close()
    },
    async ends({ official }) {
      const socket = await openWebSocket(official)
      await socket.closed
      expect(socket.messages).toEqual(["2"])
    },
  },
} satisfies Record<string, Record<string, Case>>

export const close = {
  async polling({ patient }) {
    const client = await openPolling(patient)
    const { response } = await client.waitingPoll()
    await client.post("1")
    const poll = await response
    expect([poll.status, await poll.text()]).toEqual([200, "6"])
    expect((await client.get()).status).toBe(400)
  },
  async websocket({ patient }) {
    const socket = await openWebSocket(patient)
    socket.send("1")
    await socket.closed
  },
} satisfies Record<string, Case>

/** Something to say to a server, and how its answer begins. */
type Word = readonly [said: string, heard: string]

/** A session that the server is known to have moved to its websocket: it has answered there. The suites do not wait for that. */
async function openUpgraded(server: string, [said, heard]: Word) {
  const client = await openPolling(server)
  const socket = await openProbe(server, client.sid)
  socket.send("5")
  socket.send(said)
  expect(await socket.next()).toStartWith(heard)
  return { client, socket }
}

export const upgrade = {
  /** The poll is asked for beside the probe, and answered with nothing, so that it ends before the upgrade. */
  succeeds:
    (word: Word) =>
    async ({ patient }) => {
      const client = await openPolling(patient)
      const socket = await openProbe(patient, client.sid)
      const poll = await client.get()
      expect([poll.status, await poll.text()]).toEqual([200, "6"])
      socket.send("5")
      socket.send(word[0])
      expect(await socket.next()).toStartWith(word[1])
      socket.close()
    },
  endsPolling:
    (word: Word, after: Word) =>
    async ({ patient }) => {
      const { client, socket } = await openUpgraded(patient, word)
      expect((await client.get()).status).toBe(400)
      socket.send(after[0])
      expect(await socket.next()).toStartWith(after[1])
      socket.close()
    },
  happensOnce:
    (word: Word, after: Word) =>
    async ({ patient }) => {
      const { client, socket } = await openUpgraded(patient, word)
      expect(await fateOf(websocket(patient, `EIO=4&transport=websocket&sid=${client.sid}`))).not.toContain("message")
      socket.send(after[0])
      expect(await socket.next()).toStartWith(after[1])
      socket.close()
    },
} satisfies Record<string, (...words: [Word, Word]) => Case>
