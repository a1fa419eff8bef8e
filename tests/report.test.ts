import { expect, test } from "bun:test"
import type { Log } from "../src/log.ts"
import { createMetrics } from "../src/metrics.ts"
import { limitReporter } from "../src/report.ts"
import { fakeClock } from "./fake-clock.ts"

test("a limit that is met is counted every time, and told once a minute, each limit for itself", async () => {
  const clock = fakeClock()
  const metrics = createMetrics()
  const told: string[] = []
  const log = { warn: ({ limit }: { limit: string }) => told.push(limit) } as unknown as Log
  const exceeded = limitReporter(log, metrics, clock)
  for (let i = 0; i < 100; i++) exceeded("client_rate")
  exceeded("unconnected")
  clock.advance(59_999)
  exceeded("client_rate")
  expect(told).toEqual(["client_rate", "unconnected"])
  clock.advance(1)
  exceeded("client_rate")
  expect(told).toEqual(["client_rate", "unconnected", "client_rate"])
  const { values } = await metrics.exceeded.get()
  expect(Object.fromEntries(values.map(({ labels, value }) => [labels.limit, value]))).toEqual({
    token_sockets: 0,
    educator_sockets: 0,
    unconnected: 1,
    connect_within: 0,
    source_rate: 0,
    event_rate: 0,
    client_rate: 102,
    slow: 0,
    descriptors: 0,
  })
})
