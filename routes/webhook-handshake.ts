import type { MiddlewareHandler } from "hono"

/**
 * CloudEvents senders may ask with `OPTIONS` whether a server wants their events. Every one is welcome, at any rate: what counts is the
 * secret that comes with the events. It stands before CORS, whose preflight uses the same method without this header.
 */
export function webhookHandshake(): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header("WebHook-Request-Origin")
    if (c.req.method !== "OPTIONS" || origin === undefined) return next()
    return c.body(null, 204, { Allow: "POST, OPTIONS", "WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*" })
  }
}
