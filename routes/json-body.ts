import type { MiddlewareHandler } from "hono"
import { Problem } from "../src/problem.ts"

/** The body's media type in lower case, without parameters; empty when none is named. Throws when the bytes would not be plain UTF-8. */
export function mediaTypeOf(headers: Headers): string {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() || "identity"
  if (encoding !== "identity") throw new Problem("media_type_unsupported", "Send the body without Content-Encoding.")
  const [type = "", ...parameters] = (headers.get("content-type") ?? "").split(";").map((part) => part.trim())
  const foreign = parameters.some((parameter) => /^charset\s*=/i.test(parameter) && !/=\s*"?utf-?8"?$/i.test(parameter))
  if (foreign) throw new Problem("media_type_unsupported", "The only charset understood is utf-8.")
  return type.toLowerCase()
}

/** Refuses a body that does not say it is JSON. */
export const requireJson: MiddlewareHandler = (c, next) => {
  if (mediaTypeOf(c.req.raw.headers) !== "application/json")
    throw new Problem("media_type_unsupported", "Send application/json.")
  return next()
}
