import { Hono } from "hono"
import type { Metrics } from "../src/metrics.ts"
import { Problem } from "../src/problem.ts"
import type { Report } from "../src/report.ts"
import type { RequestEnv } from "./request-log.ts"

/** What is asked whether it answers, by name. */
export type Checks = Readonly<Record<string, () => Promise<void>>>

/** A check that takes longer has failed, in milliseconds. */
const CHECK_TIMEOUT = 2_000

type Needs = {
  /** Without any of these nothing can be served. */
  vital: Checks
  /** Without these there is less, but a balancer that took out every process for it would leave nothing. */
  lesser: Checks
  stopping(): boolean
  metrics: Pick<Metrics, "registry">
  /** Told each time that something lesser was found away. */
  report?: Report
}

/** For whoever runs the server. */
export function operationRoutes({ vital, lesser, stopping, metrics: { registry }, report }: Needs) {
  return new Hono<RequestEnv>()
    .get("/health/live", (c) => c.json({ status: "live" }))

    .get("/health/ready", async (c) => {
      if (stopping()) throw new Problem("unavailable", "This process is stopping.", { retryAfter: 1 })
      const [failing, degraded] = await Promise.all([away(vital), away(lesser)])
      if (failing.length > 0)
        throw new Problem("unavailable", `Not answering: ${failing.join(", ")}.`, { retryAfter: 5, more: { failing } })
      if (degraded.length === 0) return c.json({ status: "ready" })
      report?.("health", new Error(`Degraded: ${degraded.join(", ")} does not answer; everything else is served.`))
      return c.json({ status: "degraded", degraded })
    })

    .get("/metrics", async (c) => c.body(await registry.metrics(), 200, { "Content-Type": registry.contentType }))
}

/** The names of those that fail. */
async function away(checks: Checks): Promise<string[]> {
  const names = Object.keys(checks)
  const passed = await Promise.all(Object.values(checks).map(passes))
  return names.filter((_, index) => !passed[index])
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
