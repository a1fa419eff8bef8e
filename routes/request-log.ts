import type { MiddlewareHandler } from "hono"
import { routePath } from "hono/route"
import type { Log } from "../src/log.ts"
import type { Metrics } from "../src/metrics.ts"

/** Set by whoever finds out: who asked, by index or name only. */
export type RequestVariables = { requestId: string; source?: string; educator?: number }
export type RequestEnv = { Variables: RequestVariables }

/** One line for each request. The path is logged without its query, which may say what somebody looked for. */
export function requestLog(log: Log, metrics: Pick<Metrics, "requests">): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    const start = performance.now()
    await next()
    const { method, path } = c.req
    const { status } = c.res
    const seconds = (performance.now() - start) / 1000
    metrics.requests.observe({ method, route: routePath(c, -1), status }, seconds)
    const { requestId, source, educator } = c.var
    const line = { requestId, method, path, status, ms: Math.round(seconds * 1e6) / 1e3, source, educator }
    if (status < 500) log.info(line, "request")
    else log.error({ ...line, err: c.error }, "request")
  }
}
