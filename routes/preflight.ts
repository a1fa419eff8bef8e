import type { MiddlewareHandler } from "hono"
import { headersToAllow } from "../src/origin.ts"

const ALLOW = "Access-Control-Allow-"

/** What is told of CORS's answer to a preflight: an allowed origin may send whatever headers it asks for, another is told of nothing. */
export function preflight(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const { headers } = c.res
    if (c.req.method !== "OPTIONS" || !headers.has(`${ALLOW}Methods`)) return
    if (headers.has(`${ALLOW}Origin`))
      headers.set(`${ALLOW}Headers`, headersToAllow(c.req.header("Access-Control-Request-Headers")))
    else for (const name of ["Methods", "Headers"]) headers.delete(ALLOW + name)
    headers.set("Vary", "Origin, Access-Control-Request-Headers")
  }
}
