import { describe, expect, spyOn, test } from "bun:test"
import { Server } from "socket.io"
import { BUN_IDLE, listen as onBun } from "../realtime/runtimes/bun.ts"
import { KEEP_ALIVE, listen as onNode } from "../realtime/runtimes/node.ts"
import { type Application, IDLE, type Listen } from "../realtime/runtimes/runtime.ts"
import { openPolling, serveEngine } from "./protocol/conversation.ts"
import { unlimited } from "./unlimited.ts"

// Node's way of listening runs on Bun, too.
describe.each([
  ["Bun", onBun],
  ["Node", onNode],
])("listening as on %s", (_, listen: Listen) => {
  const open = async (more: Partial<Application>) => {
    const reported: unknown[] = []
    const listening = await listen({
      host: "127.0.0.1",
      port: 0,
      maxBody: 1000,
      ...unlimited(),
      io: new Server(),
      allowOrigin: () => true,
      fetch: () => new Response("well"),
      report: (error) => reported.push(error),
      ...more,
    })
    return { ...listening, reported, [Symbol.asyncDispose]: () => listening.abort() }
  }

  test("an error that the application did not answer is told of without detail, and reported with it", async () => {
    const failure = new Error("the secret is 1234")
    const failures = [
      () => {
        throw failure
      },
      () => Promise.reject(failure),
    ]
    for (const fetch of failures) {
      await using server = await open({ fetch })
      const answer = await globalThis.fetch(`${server.url}/?token=5678`)
      expect([answer.status, answer.headers.get("Content-Type")]).toEqual([500, "application/problem+json"])
      expect(await answer.json()).toEqual({
        type: "urn:allim:problem:internal",
        title: "Something went wrong here",
        status: 500,
        detail: "Something went wrong here",
        code: "internal",
      })
      expect(server.reported).toEqual([failure])
    }
  })
})

test("a connection may be idle for 75 s: Bun counts steps of 4 s, the first of which may be over at once; Node has headers come after that", () => {
  expect(IDLE).toBe(75)
  expect(BUN_IDLE % 4).toBe(0)
  expect(BUN_IDLE - 4).toBeGreaterThanOrEqual(IDLE)
  expect(KEEP_ALIVE.keepAliveTimeout).toBe(IDLE * 1000)
  expect(KEEP_ALIVE.headersTimeout).toBeGreaterThan(KEEP_ALIVE.keepAliveTimeout)
})

test("on Bun, a connection on which a client has polled may be idle for as long", async () => {
  await using served = serveEngine({ idle: BUN_IDLE })
  const timeout = spyOn(served.server, "timeout")
  await openPolling(served)
  expect(timeout.mock.calls.map(([, seconds]) => seconds)).toEqual([BUN_IDLE])
})
