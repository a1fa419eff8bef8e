import { expect, test } from "bun:test"
import { type Server, startProcess } from "../server.ts"
import { until } from "../until.ts"

const EVENTS = 230
const EDUCATORS = Array.from({ length: 1000 }, (_, index) => index + 1)

const note = (id: string, educators: readonly number[]) => ({ id, type: "note.written", student: 7, educators })

/** As much as a body of 1 MiB can ask for. */
const large = () => Array.from({ length: EVENTS }, (_, index) => note(`large-${index}`, EDUCATORS))

const recorded = (server: Server) => server.metric("allim_notifications_recorded_total")

async function unreadOf(server: Server, educator: number): Promise<number> {
  return (await (await server.get("/notifications/count", educator)).json()).안읽은_수
}

test("a request for 230,000 notifications holds up no other, and makes them all", async () => {
  await using server = await startProcess({ command: [process.execPath] })
  const answered: string[] = []
  let probes = 0
  const big = server.post(large()).finally(() => answered.push("large"))
  const probing = (async () => {
    for (; answered.at(-1) !== "large"; probes++) await (await fetch(`${server.url}/health/live`)).text()
  })()
  await until(async () => (await recorded(server)) > 0, "the first portion")
  const small = await server.post(note("small", [1, 2]))
  answered.push("small")
  expect([small.status, (await small.json()).accepted]).toEqual([202, 1])

  const response = await big
  await probing
  expect(answered).toEqual(["small", "large"])
  expect(probes).toBeGreaterThanOrEqual(20)
  const { accepted, results } = await response.json()
  expect([response.status, accepted]).toEqual([202, EVENTS])
  expect(results).toEqual(large().map(({ id }) => ({ id, status: "accepted", notifications: 1000 })))
  expect(await recorded(server)).toBe(EVENTS * EDUCATORS.length + 2)
  const counts = await Promise.all([1, 2, 3, 500, 1000].map((educator) => unreadOf(server, educator)))
  expect(counts).toEqual([EVENTS + 1, EVENTS + 1, EVENTS, EVENTS, EVENTS])
}, 180_000)
