import type { MiddlewareHandler } from "hono"
import type { VerifyToken } from "../src/access-token.ts"
import { bearerToken } from "../src/bearer.ts"

/** Lets an educator pass who shows an access token, as `Authorization: Bearer`; `c.var.educator` is their index from then on. */
export function educatorAuth(verifyToken: VerifyToken): MiddlewareHandler<{ Variables: { educator: number } }> {
  return async (c, next) => {
    const { index } = await verifyToken(bearerToken(c.req.header("Authorization")))
    c.set("educator", index)
    await next()
  }
}
