import { headersToAllow } from "../src/origin.ts"

/** How long a browser may keep the answer to a preflight, in seconds: 2 hours, the most that Chromium accepts. */
const AGE = 7_200

/** What a preflight of the sockets' path is answered on every runtime, when its origin is allowed. */
export function preflightHeaders(origin: string | undefined | null, asked: string | undefined | null) {
  return {
    ...(origin && allowOriginHeaders(origin)),
    "cache-control": "no-store",
    vary: "Origin, Access-Control-Request-Headers",
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": headersToAllow(asked),
    "access-control-max-age": String(AGE),
  }
}

/** Credentials, because cookies keep a polling client on its node behind most load balancers. */
export function allowOriginHeaders(origin: string) {
  return { "access-control-allow-origin": origin, "access-control-allow-credentials": "true" }
}
