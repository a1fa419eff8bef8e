import type { MiddlewareHandler } from "hono"
import { routePath } from "hono/route"
import { type Clock, monotonic } from "../src/clock.ts"
import type { Log } from "../src/log.ts"
import type { Metrics } from "../src/metrics.ts"
import { MINUTE, onceIn } from "../src/report.ts"

/** Set by whoever finds out: who asked, by index or name only. */
export type RequestVariables = { requestId: string; source?: string; educator?: number }
export type RequestEnv = { Variables: RequestVariables }

/**
 * One line for each request. The path is logged without its query, which may say what somebody looked for. What is refused before it has
 * shown who asks is anybody's to send, and would fill the disk: of those there is a line in a minute for each route and status.
 */
export function requestLog(
  log: Log,
  metrics: Pick<Metrics, "requests">,
  clock: Pick<Clock, "now"> = monotonic,
): MiddlewareHandler<RequestEnv> {
  const due = onceIn(MINUTE, clock)
  return async (c, next) => {
    const start = performance.now()
    await next()
    const { method, path } = c.req
    const { status } = c.res
    const seconds = (performance.now() - start) / 1000
    const route = routePath(c, -1)
    metrics.requests.observe({ method, route, status }, seconds)
    const { requestId, source, educator } = c.var
    const refused = status >= 400 && status !== 500 && source === undefined && educator === undefined
    if (refused && !due(`${route} ${status}`)) return
    const line = { requestId, method, path, status, ms: Math.round(seconds * 1e6) / 1e3, source, educator }
    if (status < 500) log.info(line, "request")
    else log.error({ ...line, err: c.error }, "request")
  }
}
