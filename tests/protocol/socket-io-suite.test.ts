// Each case of the official Socket.IO v5 suite (socketio/socket.io, docs/socket.io-protocol/v5-test-suite), by its name.
import { expect } from "bun:test"
import { type Case, holdSuite } from "./suite.ts"
import { close, handshake, heartbeat, upgrade } from "./suite-both.ts"
import { openWebSocket } from "./suite-client.ts"

const connect = ["40", "40{"] as const
const message = ['42["message"]', '42["auth"'] as const // which follows the connection, so that both have come

const placeholders = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'
const attachments = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)] as const

/** A connection to the main namespace, after all that is said when it is made. */
async function enter(server: string) {
  const socket = await openWebSocket(server)
  socket.send("40")
  expect(await socket.next()).toStartWith("40{")
  expect(await socket.next()).toBe('42["auth",{}]')
  return socket
}

/** CONNECT is answered with an id alone, and what came with it reaches the namespace. */
const connects =
  (prefix: string, payload: string): Case =>
  async ({ patient }) => {
    const socket = await openWebSocket(patient)
    socket.send(`40${prefix}${payload}`)
    const answer = String(await socket.next())
    expect(answer).toStartWith(`40${prefix}{`)
    expect(JSON.parse(answer.slice(2 + prefix.length))).toEqual({ sid: expect.any(String) })
    expect(await socket.next()).toBe(`42${prefix}["auth",${payload || "{}"}]`)
    socket.close()
  }

/** What is said, once connected, is answered with this. */
const answered =
  (said: readonly Frame[], heard: readonly Frame[]): Case =>
  async ({ patient }) => {
    const socket = await enter(patient)
    for (const frame of said) socket.send(frame)
    for (const frame of heard) expect(await socket.next()).toEqual(typeof frame === "string" ? frame : frame.buffer)
    socket.close()
  }
type Frame = string | Uint8Array<ArrayBuffer>

const closesAfter =
  (rubbish: string): Case =>
  async ({ patient }) => {
    const socket = await enter(patient)
    socket.send(rubbish)
    await socket.closed
  }

holdSuite(
  {
    "Engine.IO protocol": {
      handshake: {
        "HTTP long-polling": {
          "should successfully open a session": handshake.polling.opens,
          "should fail with an invalid 'EIO' query parameter": handshake.polling.needsVersion,
          "should fail with an invalid 'transport' query parameter": handshake.polling.needsTransport,
          "should fail with an invalid request method": handshake.polling.needsGet,
        },
        WebSocket: {
          "should successfully open a session": handshake.websocket.opens,
          "should fail with an invalid 'EIO' query parameter": handshake.websocket.needsVersion,
          "should fail with an invalid 'transport' query parameter": handshake.websocket.needsTransport,
        },
      },
      heartbeat: {
        "HTTP long-polling": {
          "should send ping/pong packets": heartbeat.polling.beats,
          "should close the session upon ping timeout": heartbeat.polling.ends,
        },
        WebSocket: {
          "should send ping/pong packets": heartbeat.websocket.beats,
          "should close the session upon ping timeout": heartbeat.websocket.ends,
        },
      },
      close: {
        "HTTP long-polling": { "should forcefully close the session": close.polling },
        WebSocket: { "should forcefully close the session": close.websocket },
      },
      upgrade: {
        "should successfully upgrade from HTTP long-polling to WebSocket": upgrade.succeeds(connect),
        "should ignore HTTP requests with same sid after upgrade": upgrade.endsPolling(connect, message),
        "should ignore WebSocket connection with same sid after upgrade": upgrade.happensOnce(connect, message),
      },
    },
    "Socket.IO protocol": {
      connect: {
        "should allow connection to the main namespace": connects("", ""),
        "should allow connection to the main namespace with a payload": connects("", '{"token":"123"}'),
        "should allow connection to a custom namespace": connects("/custom,", ""),
        "should allow connection to a custom namespace with a payload": connects("/custom,", '{"token":"abc"}'),

        async "should disallow connection to an unknown namespace"({ patient }) {
          const socket = await openWebSocket(patient)
          socket.send("40/random")
          expect(await socket.next()).toBe('44/random,{"message":"Invalid namespace"}')
          socket.close()
        },

        async "should disallow connection with an invalid handshake"({ patient }) {
          const socket = await openWebSocket(patient)
          socket.send("4abc")
          await socket.closed
        },

        /** The client answers pings: only there, its silence ends the official one sooner than the missing handshake. */
        async "should close the connection if no handshake is received"({ official }) {
          const socket = await openWebSocket(official)
          const answerPings = async () => {
            for (;;) {
              expect(await socket.next()).toBe("2")
              socket.send("3")
            }
          }
          await expect(answerPings()).rejects.toThrow("closed")
        },
      },
      disconnect: {
        async "should disconnect from the main namespace"({ beating }) {
          const socket = await enter(beating)
          socket.send("41")
          expect(await socket.next()).toBe("2")
          socket.close()
        },

        async "should connect then disconnect from a custom namespace"({ patient }) {
          const socket = await enter(patient)
          socket.send("40/custom")
          expect(await socket.next()).toStartWith("40/custom,{")
          expect(await socket.next()).toBe('42/custom,["auth",{}]')
          socket.send("41/custom")
          socket.send('42["message","message to main namespace"]')
          expect(await socket.next()).toBe('42["message-back","message to main namespace"]')
          socket.close()
        },
      },
      message: {
        "should send a plain-text packet": answered(
          ['42["message",1,"2",{"3":[true]}]'],
          ['42["message-back",1,"2",{"3":[true]}]'],
        ),
        "should send a packet with binary attachments": answered(
          [`452-["message",${placeholders}]`, ...attachments],
          [`452-["message-back",${placeholders}]`, ...attachments],
        ),
        "should send a plain-text packet with an ack": answered(
          ['42456["message-with-ack",1,"2",{"3":[false]}]'],
          ['43456[1,"2",{"3":[false]}]'],
        ),
        "should send a packet with binary attachments and an ack": answered(
          [`452-789["message-with-ack",${placeholders}]`, ...attachments],
          [`462-789[${placeholders}]`, ...attachments],
        ),
        "should close the connection upon invalid format (unknown packet type)": closesAfter("4abc"),
        "should close the connection upon invalid format (invalid payload format)": closesAfter("42{}"),
        "should close the connection upon invalid format (invalid ack id)": closesAfter(
          '42abc["message-with-ack",1,"2",{"3":[false]}]',
        ),
      },
    },
  },
  { of: "socket", cases: 32 },
)
