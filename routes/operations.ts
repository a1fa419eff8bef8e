import { Hono } from "hono"
import type { Metrics } from "../src/metrics.ts"
import { Problem } from "../src/problem.ts"
import type { RequestEnv } from "./request-log.ts"

/** What must answer before requests are welcome, by name. */
export type Checks = Readonly<Record<string, () => Promise<void>>>

/** A check that takes longer has failed, in milliseconds. */
const CHECK_TIMEOUT = 2_000

type Needs = { checks: Checks; stopping(): boolean; metrics: Pick<Metrics, "registry"> }

/** For whoever runs the server. */
export function operationRoutes({ checks, stopping, metrics: { registry } }: Needs) {
  return new Hono<RequestEnv>()
    .get("/health/live", (c) => c.json({ status: "live" }))

    .get("/health/ready", async (c) => {
      if (stopping()) throw new Problem("unavailable", "This process is stopping.", { retryAfter: 1 })
      const entries = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, await passes(check)] as const),
      )
      const failing = entries.filter(([, passed]) => !passed).map(([name]) => name)
      if (failing.length > 0)
        throw new Problem("unavailable", `Not answering: ${failing.join(", ")}.`, { retryAfter: 5, more: { failing } })
      return c.json({ status: "ready" })
    })

    .get("/metrics", async (c) => c.body(await registry.metrics(), 200, { "Content-Type": registry.contentType }))
}

async function passes(check: () => Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), CHECK_TIMEOUT)
  const passed = check().then(
    () => true,
    () => false,
  )
  return Promise.race([passed, late.promise]).finally(() => clearTimeout(timer))
}
