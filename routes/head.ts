import type { MiddlewareHandler } from "hono"

/**
 * Answers HEAD as GET would be answered, and says that answer's length (RFC 9110, 8.6): of an answer without a body runtimes say 0, which
 * tells a cache that its copy is stale. A compressed answer says none but that it comes in chunks, as GET's does. The log and the metrics
 * have the method that was asked with.
 */
export function headAsGet(): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== "HEAD") return next()
    const asked = c.req.raw
    c.req.raw = new Request(asked.url, { headers: [...asked.headers] })
    await next()
    c.req.raw = asked
    const { status, body, headers } = c.res
    if (body === null) return
    if (headers.has("Content-Encoding")) headers.set("Transfer-Encoding", "chunked")
    else headers.set("Content-Length", String((await c.res.arrayBuffer()).byteLength))
    c.res = new Response(null, { status, headers })
  }
}
