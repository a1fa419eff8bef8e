import { decode, verifyWithJwks } from "hono/jwt"
import type { HonoJsonWebKey } from "hono/utils/jwt/jws"
import { type Clock, monotonic } from "./clock.ts"
import { Problem } from "./problem.ts"
import type { KeySetSettings } from "./settings.ts"

/** How long fetched keys are trusted, and how soon an unknown key id may cause another fetch, in milliseconds. */
const KEEP = 10 * 60_000
const FETCH_AT_MOST_EVERY = 10_000
const FETCH_TIMEOUT = 5_000

/**
 * Verifies tokens against the public keys at a JWKS URL (RFC 7517). Keys are kept for ten minutes; a token with an unknown key id
 * has them fetched again, since issuers rotate keys; while the issuer does not answer, the keys known last are used.
 */
export function keySet({ jwksUrl, algorithms }: KeySetSettings, clock: Pick<Clock, "now"> = monotonic) {
  let keys: HonoJsonWebKey[] = []
  let fetchedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | undefined

  async function load() {
    fetchedAt = clock.now()
    try {
      const response = await fetch(jwksUrl, { signal: AbortSignal.timeout(FETCH_TIMEOUT) })
      const body = (await response.json()) as { keys?: HonoJsonWebKey[] }
      if (response.ok && Array.isArray(body.keys)) keys = body.keys
      else throw new Error(`the answer was ${response.status} without keys`)
    } catch (cause) {
      if (keys.length === 0)
        throw new Problem("unavailable", "The keys that verify access tokens cannot be fetched now.", {
          retryAfter: 10,
          cause,
        })
    }
  }

  async function refresh() {
    fetching ??= load().finally(() => {
      fetching = undefined
    })
    await fetching
  }

  return async (token: string) => {
    const { kid } = decode(token).header as { kid?: string }
    const age = clock.now() - fetchedAt
    const known = keys.some((key) => key.kid === kid)
    if (age > KEEP || (!known && age > FETCH_AT_MOST_EVERY) || fetching) await refresh()
    if (keys.length === 0)
      throw new Problem("unavailable", "The keys that verify access tokens cannot be fetched now.", { retryAfter: 10 })
    return verifyWithJwks(token, { keys, allowedAlgorithms: algorithms, verification: { iat: false } })
  }
}
