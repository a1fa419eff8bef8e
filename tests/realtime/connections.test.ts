import { expect, test } from "bun:test"
import { watchConnections } from "../../realtime/connections.ts"
import type { Limit } from "../../src/limits.ts"
import { fakeClock } from "../fake-clock.ts"

function rig(limits: { unconnected?: number; clientRate?: number } = {}) {
  const clock = fakeClock()
  const met: Limit[] = []
  const connections = watchConnections({
    limits: { unconnected: 3, connectWithin: 10, clientRate: 5, ...limits },
    clock,
    exceeded: (limit) => met.push(limit),
  })
  return { clock, met, connections }
}

/** A session that, like one that nobody polls, ends only when it is discarded. */
function silentSession() {
  const listeners = { packet: () => {}, close: () => {} }
  const closings: boolean[] = []
  return {
    closings,
    say: (packets = 1) => Array.from({ length: packets }, () => listeners.packet()),
    end: () => listeners.close(),
    close(discard = false) {
      closings.push(discard)
      if (discard) listeners.close()
    },
    on: (_: "packet", packet: () => void) => Object.assign(listeners, { packet }),
    once: (_: "close", close: () => void) => Object.assign(listeners, { close }),
  }
}

test("one that never connects is ended at 10 s, whether or not it can be told, and nothing of it is left", () => {
  const { clock, connections, met } = rig()
  const session = silentSession()
  connections.open(session)
  clock.advance(9_999)
  expect([session.closings, met]).toEqual([[], []])
  clock.advance(1)
  expect([session.closings, met]).toEqual([[true], ["connect_within"]])
  expect([connections.unconnected(), clock.waiting()]).toEqual([0, 0])
})

test("one that connects stays, and one that goes by itself leaves no timer", () => {
  const { clock, connections, met } = rig()
  const [connected, gone] = [silentSession(), silentSession()]
  for (const session of [connected, gone]) connections.open(session)
  connections.connected(connected)
  gone.end()
  expect([connections.unconnected(), clock.waiting()]).toEqual([0, 0])
  clock.advance(60_000)
  expect([connected.closings, met]).toEqual([[], []])
})

test("no more than so many wait without a socket; who connects or goes makes room", () => {
  const { connections, met } = rig()
  const sessions = [silentSession(), silentSession(), silentSession()]
  for (const session of sessions) {
    expect(connections.admit()).toBe(true)
    connections.open(session)
  }
  expect(connections.admit()).toBe(false)
  connections.connected(sessions[0] as (typeof sessions)[0])
  expect(connections.admit()).toBe(true)
  connections.open(silentSession())
  expect(connections.admit()).toBe(false)
  sessions[1]?.end()
  expect(connections.admit()).toBe(true)
  expect(met).toEqual(["unconnected", "unconnected"])
})

test("one that has left is closed, and counts among the unconnected until it is gone", () => {
  const { clock, connections } = rig()
  const session = silentSession()
  connections.open(session)
  connections.connected(session)
  connections.left(session)
  expect([session.closings, connections.unconnected()]).toEqual([[false], 1])
  clock.advance(10_000)
  expect([session.closings, connections.unconnected()]).toEqual([[false, true], 0])
})

test("the rate counts every packet of a second; one more cuts the connection", () => {
  const { clock, connections, met } = rig()
  const session = silentSession()
  connections.open(session)
  for (let second = 0; second < 3; second++) {
    session.say(5)
    clock.advance(1_000)
  }
  expect([session.closings, met]).toEqual([[], []])
  session.say(6)
  expect([session.closings, met]).toEqual([[true], ["client_rate"]])
})
