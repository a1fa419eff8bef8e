import { sign, verify } from "hono/jwt"
import { keySet } from "./key-set.ts"
import { Problem } from "./problem.ts"
import type { TokenSettings } from "./settings.ts"

/** Who an access token speaks for, and until when (milliseconds since 1970; absent when it never expires). */
export type Educator = { index: number; expiresAt?: number }

/** Rejects with `token_missing`, `token_expired` or `token_invalid`; with `unavailable` when the keys cannot be had. */
export type VerifyToken = (token: string | undefined) => Promise<Educator>

type Payload = Record<string, unknown>

/** Checks access tokens against the configured secrets or key set. The algorithm is the configuration's, never the token's choice. */
export function tokenVerifier({ keys, claim }: TokenSettings): VerifyToken {
  const check = "jwksUrl" in keys ? keySet(keys) : (token: string) => verifyWithSecrets(token, keys.secrets)
  return async (token) => {
    if (!token)
      throw new Problem("token_missing", "Send the access token as auth.token, or in an Authorization: Bearer header.")
    const payload = await check(token).catch(rejectToken)
    const index = payload?.[claim]
    if (typeof index !== "number" || !Number.isSafeInteger(index) || index < 1)
      throw new Problem(
        "token_invalid",
        `The token's claim "${claim}" must be the educator's index, a positive integer.`,
      )
    return { index, ...(typeof payload.exp === "number" && { expiresAt: payload.exp * 1000 }) }
  }
}

/** A token for an educator, signed with the first secret; `seconds` is how long it holds. */
export function issueToken(educator: number, seconds: number, { keys, claim }: TokenSettings): Promise<string> {
  if ("jwksUrl" in keys) throw new Error("Tokens are issued by whoever holds the private key of EDUCATOR_JWKS_URL.")
  const now = Math.floor(Date.now() / 1000)
  return sign({ [claim]: educator, iat: now, exp: now + seconds }, keys.secrets[0] ?? "", "HS256")
}

async function verifyWithSecrets(token: string, secrets: readonly string[]): Promise<Payload> {
  // `iat` is not held against a token: an LMS whose clock is a second ahead is not an attack.
  const attempts = await Promise.allSettled(
    secrets.map((secret) => verify(token, secret, { alg: "HS256", iat: false })),
  )
  const verified = attempts.find((attempt) => attempt.status === "fulfilled")
  if (verified) return verified.value
  throw (attempts[0] as PromiseRejectedResult).reason
}

function rejectToken(error: unknown): never {
  if (error instanceof Problem) throw error
  if (error instanceof Error && error.name === "JwtTokenExpired")
    throw new Problem("token_expired", "Get a fresh access token and connect again.")
  throw new Problem("token_invalid", "The token is malformed, or signed by someone else.")
}
