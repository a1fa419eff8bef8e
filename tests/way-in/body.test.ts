import { describe, expect, test } from "bun:test"
import { eventLimits } from "../../routes/events.ts"
import { signedBodies } from "../../routes/signed-bodies.ts"
import { createMetrics } from "../../src/metrics.ts"
import { fakeClock } from "../fake-clock.ts"
import { NEW, OLD, signed } from "./sources.ts"
import { openWayIn, SUBMITTED } from "./way-in.ts"

const MIB = 1024 * 1024
const json = { "content-type": "application/json" }

/** A body that counts how much of it was taken. It ends after `size` bytes of spaces, or waits there to be finished. */
function counted(size: number, { waits = false } = {}) {
  const chunk = 16 * 1024
  const finished = Promise.withResolvers<void>()
  const seen = { taken: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (seen.taken < size) {
          seen.taken += chunk
          return controller.enqueue(new Uint8Array(chunk).fill(0x20))
        }
        if (waits) await finished.promise
        if (!seen.cancelled) controller.close()
      },
      cancel() {
        seen.cancelled = true
        finished.resolve()
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, seen, finish: () => finished.resolve() }
}

type Way = Awaited<ReturnType<typeof openWayIn>>

const send = async (way: Way, body: BodyInit, headers: Record<string, string>, path = "/events") => {
  const method = path === "/events" ? "POST" : "PUT"
  const response = await way.app.request(path, { method, headers: { ...json, ...headers }, body })
  const { code } = (await response.json()) as { code?: string }
  return { answer: `${response.status} ${code}`, headers: response.headers }
}

describe("how much of a body is read", () => {
  test("nothing before a secret that is shown was found good, whether its length is announced or not", async () => {
    await using way = await openWayIn()
    for (const path of ["/events", "/directory"])
      for (const length of [{}, { "content-length": String(MIB) }] as Record<string, string>[]) {
        const { stream, seen } = counted(MIB)
        const { answer } = await send(way, stream, { authorization: "Bearer wrong", ...length }, path)
        expect([path, answer, seen.taken]).toEqual([path, "401 source_unknown", 0])
      }
  })

  test("nothing when the type, the rate or what a signature says of itself is wrong", async () => {
    await using way = await openWayIn({ perSecond: 1 })
    await way.post({ ...SUBMITTED, id: "first" })
    const old = new Date(Date.now() - 3600_000)
    const refusals: [Record<string, string>, string][] = [
      [{ authorization: `Bearer ${OLD}`, "content-type": "text/plain" }, "415 media_type_unsupported"],
      [{ authorization: `Bearer ${OLD}` }, "429 rate_exceeded"],
      [signed("", NEW, old), "401 signature_stale"],
      [{ ...signed(""), "webhook-id": "" }, "401 signature_invalid"],
      [{ ...signed(""), "webhook-signature": "v2,AAAA" }, "401 signature_invalid"],
      [{ authorization: `Bearer ${OLD}`, "content-length": String(eventLimits.body + 1) }, "413 body_too_large"],
    ]
    for (const [headers, expected] of refusals) {
      const { stream, seen } = counted(MIB)
      expect([(await send(way, stream, headers)).answer, seen.taken]).toEqual([expected, 0])
    }
  })

  test("no more than is allowed when its length is not announced, and what signs it is checked after that", async () => {
    await using way = await openWayIn()
    for (const headers of [{ authorization: `Bearer ${OLD}` }, signed("something else")]) {
      const { stream, seen } = counted(100 * MIB)
      expect((await send(way, stream, headers)).answer).toBe("413 body_too_large")
      expect(seen.taken).toBeLessThanOrEqual(eventLimits.body + 32 * 1024)
      expect(seen.cancelled).toBe(true)
    }
  })
})

describe("bodies that are signed", () => {
  /** Signed bodies that have been read so far, and wait. */
  const fill = async (way: Way, count: number, headers: Record<string, string>) => {
    const bodies = Array.from({ length: count }, () => counted(16 * 1024, { waits: true }))
    const answers = bodies.map(({ stream }) => send(way, stream, headers))
    while (bodies.some(({ seen }) => seen.taken === 0)) await new Promise(setImmediate)
    return { bodies, answers }
  }

  test("share 32 MiB: one more is told to come back, one with a secret passes, and so does it once there is room", async () => {
    const metrics = createMetrics()
    const reported: unknown[] = []
    const readSigned = signedBodies({ metrics, report: (...told) => reported.push(told) })
    await using way = await openWayIn({ readSigned })
    const announced = { ...signed("{}"), "content-length": String(MIB) }
    const { bodies, answers } = await fill(way, 32, announced)
    expect(await metrics.registry.metrics()).toContain(`allim_signed_body_bytes ${32 * MIB}`)

    const { stream, seen } = counted(16 * 1024)
    const refused = await send(way, stream, { ...signed("{}"), "content-length": "2" })
    expect([refused.answer, refused.headers.get("retry-after"), seen.taken]).toEqual(["503 unavailable", "1", 0])
    expect(reported).toEqual([["signature", expect.objectContaining({ message: expect.stringContaining("33554432") })]])
    expect(await metrics.registry.metrics()).toContain("allim_signed_bodies_refused_total 1")
    expect((await way.post({ ...SUBMITTED, id: "by-secret" })).status).toBe(202)

    bodies[0]?.finish()
    expect((await answers[0])?.answer).toBe("401 signature_invalid")
    const text = JSON.stringify({ ...SUBMITTED, id: "signed" })
    expect((await send(way, text, { ...signed(text), "content-length": String(text.length) })).answer).toBe(
      "202 undefined",
    )
    for (const { finish } of bodies) finish()
    await Promise.all(answers)
    expect(await metrics.registry.metrics()).toContain("allim_signed_body_bytes 0")
  })

  test("count as the largest that is allowed when their length is not announced", async () => {
    await using way = await openWayIn({ readSigned: signedBodies({ budget: 3 * MIB }) })
    const { bodies, answers } = await fill(way, 3, signed("{}"))
    expect((await send(way, "{}", signed("{}"))).answer).toBe("503 unavailable")
    for (const { finish } of bodies) finish()
    await Promise.all(answers)
    expect((await send(way, "{}", signed("{}"))).answer).toBe("422 nothing_accepted")
  })

  test("may take half a minute, and make room after that", async () => {
    const clock = fakeClock()
    await using way = await openWayIn({ readSigned: signedBodies({ budget: MIB, clock }) })
    const { bodies, answers } = await fill(way, 1, signed("{}"))
    clock.advance(29_999)
    expect((await send(way, "{}", signed("{}"))).answer).toBe("503 unavailable")
    clock.advance(1)
    expect((await answers[0])?.answer).toBe("408 body_late")
    expect(bodies[0]?.seen.cancelled).toBe(true)
    expect((await send(way, "{}", signed("{}"))).answer).toBe("422 nothing_accepted")
    expect(clock.waiting()).toBe(0)
  })
})
