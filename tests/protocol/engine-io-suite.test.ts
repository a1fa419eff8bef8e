// Each case of the official Engine.IO v4 suite (socketio/socket.io, docs/engine.io-protocol/v4-test-suite), by its name.
import { expect } from "bun:test"
import { until } from "../until.ts"
import { type Case, holdSuite } from "./suite.ts"
import { close, handshake, heartbeat, upgrade } from "./suite-both.ts"
import { openPolling, openWebSocket } from "./suite-client.ts"

const word = ["4hello", "4hello"] as const

/** What is posted comes back by a poll. */
const comesBack =
  (payload: string): Case =>
  async ({ patient }) => {
    const client = await openPolling(patient)
    const posted = await client.post(payload)
    expect([posted.status, await posted.text()]).toEqual([200, "ok"])
    const polled = await client.get()
    expect([polled.status, await polled.text()]).toEqual([200, payload])
  }

holdSuite(
  {
    handshake: {
      "HTTP long-polling": {
        "successfully opens a session": handshake.polling.opens,
        "fails with an invalid 'EIO' query parameter": handshake.polling.needsVersion,
        "fails with an invalid 'transport' query parameter": handshake.polling.needsTransport,
        "fails with an invalid request method": handshake.polling.needsGet,
      },
      WebSocket: {
        "successfully opens a session": handshake.websocket.opens,
        "fails with an invalid 'EIO' query parameter": handshake.websocket.needsVersion,
        "fails with an invalid 'transport' query parameter": handshake.websocket.needsTransport,
      },
    },
    message: {
      "HTTP long-polling": {
        "sends and receives a payload containing one plain text packet": comesBack("4hello"),
        "sends and receives a payload containing several plain text packets": comesBack("4one\x1e4two\x1e4three"),
        "sends and receives a payload containing plain text and binary packets": comesBack("4hello\x1ebAQIDBA=="),

        /** How the post is answered is left open, as there: engine.io says "ok", ours does not. */
        async "closes the session upon invalid packet format"({ patient }) {
          const client = await openPolling(patient)
          await client.post("abc").catch(() => {})
          expect((await client.get()).status).toBe(400)
        },

        async "closes the session upon duplicate poll requests"({ patient }) {
          const client = await openPolling(patient)
          const { response } = await client.waitingPoll()
          expect((await client.get()).status).toBeOneOf([400, 500])
          const first = await response
          expect([first.status, await first.text()]).toEqual([200, "1"])
          expect((await client.get()).status).toBe(400)
        },

        /** Found by a post that is not answered by a message: a poll might be refused for being the second one. */
        async "closes the session upon cancelled polling request"({ patient }) {
          const client = await openPolling(patient)
          const cancelling = new AbortController()
          await client.waitingPoll({ signal: cancelling.signal })
          cancelling.abort()
          await until(async () => (await client.post("3")).status === 400)
          expect((await client.get()).status).toBe(400)
        },
      },
      WebSocket: {
        async "sends and receives a plain text packet"({ patient }) {
          const socket = await openWebSocket(patient)
          socket.send("4hello")
          expect(await socket.next()).toBe("4hello")
          socket.close()
        },

        async "sends and receives a binary packet"({ patient }) {
          const socket = await openWebSocket(patient)
          socket.send(Uint8Array.of(1, 2, 3, 4))
          expect(await socket.next()).toEqual(Uint8Array.of(1, 2, 3, 4).buffer)
          socket.close()
        },

        async "closes the session upon invalid packet format"({ patient }) {
          const socket = await openWebSocket(patient)
          socket.send("abc")
          await socket.closed
        },
      },
    },
    heartbeat: {
      "HTTP long-polling": {
        "sends ping/pong packets": heartbeat.polling.beats,
        "closes the session upon ping timeout": heartbeat.polling.ends,
      },
      WebSocket: {
        "sends ping/pong packets": heartbeat.websocket.beats,
        "closes the session upon ping timeout": heartbeat.websocket.ends,
      },
    },
    close: {
      "HTTP long-polling": { "forcefully closes the session": close.polling },
      WebSocket: { "forcefully closes the session": close.websocket },
    },
    upgrade: {
      "successfully upgrades from HTTP long-polling to WebSocket": upgrade.succeeds(word),
      "ignores HTTP requests with same sid after upgrade": upgrade.endsPolling(word, word),
      "ignores WebSocket connection with same sid after upgrade": upgrade.happensOnce(word, word),
    },
  },
  { of: "engine", cases: 25 },
)
