import { expect, test } from "bun:test"
import { Hono } from "hono"
import { type RequestEnv, requestLog } from "../../routes/request-log.ts"
import type { Log } from "../../src/log.ts"
import { createMetrics } from "../../src/metrics.ts"
import { fakeClock } from "../fake-clock.ts"

/** Routes that answer with the status they are asked for, and what was logged of it. */
function rig() {
  const clock = fakeClock()
  const metrics = createMetrics()
  const told: string[] = []
  const tell = (level: string) => (line: { path: string; status: number }) =>
    told.push(`${level} ${line.path} ${line.status}`)
  const log = { info: tell("info"), error: tell("error") } as unknown as Log
  const app = new Hono<RequestEnv>().use(requestLog(log, metrics, clock))
  for (const path of ["/events", "/notifications"])
    app.get(`${path}/:status`, (c) => {
      if (c.req.query("source")) c.set("source", "university")
      return c.body(null, Number(c.req.param("status")) as 200)
    })
  return { clock, metrics, told, ask: (path: string) => app.request(path) }
}

test("of what is refused before it shows who asks, one in a minute is logged for each route and status, and all are counted", async () => {
  const { ask, clock, told, metrics } = rig()
  for (let time = 0; time < 100; time++) await ask("/events/401")
  for (const path of ["/events/503", "/events/503", "/notifications/401"]) await ask(path)
  const first = ["info /events/401 401", "error /events/503 503", "info /notifications/401 401"]
  expect(told).toEqual(first)
  clock.advance(60_000)
  for (let time = 0; time < 2; time++) await ask("/events/401")
  expect(told).toEqual([...first, "info /events/401 401"])
  expect(await metrics.registry.metrics()).toContain(
    'allim_request_seconds_count{method="GET",route="/events/:status",status="401"} 102',
  )
})

test("whatever is served, fails, or is refused to somebody who is known is logged each time", async () => {
  const { ask, told } = rig()
  for (const path of ["/events/200", "/events/500", "/events/422?source=1", "/events/503?source=1"])
    for (let time = 0; time < 2; time++) await ask(path)
  expect(told).toHaveLength(8)
})
