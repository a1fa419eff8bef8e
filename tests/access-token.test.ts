import { afterAll, describe, expect, spyOn, test } from "bun:test"
import fc from "fast-check"
import { sign } from "hono/jwt"
import { issueToken, tokenVerifier } from "../src/access-token.ts"
import { keySet } from "../src/key-set.ts"
import type { TokenSettings } from "../src/settings.ts"
import { fakeClock } from "./fake-clock.ts"

const SECRET = "a-secret-of-thirty-two-characters"
const settings: TokenSettings = { keys: { secrets: ["the-older-secret-still-accepted..", SECRET] }, claim: "userIndex" }
const verify = tokenVerifier(settings)
const now = () => Math.floor(Date.now() / 1000)
const codeOf = (result: Promise<unknown>) =>
  result.then(
    () => "accepted",
    (error) => error.code,
  )

describe("secrets", () => {
  test("a token says who the educator is and until when", async () => {
    const exp = now() + 60
    const token = await sign({ userIndex: 42, exp }, SECRET, "HS256")
    expect(await verify(token)).toEqual({ index: 42, expiresAt: exp * 1000 })
    expect(await verify(await sign({ userIndex: 42 }, SECRET, "HS256"))).toEqual({ index: 42 })
  })

  test("any of several secrets verifies, and our own tokens are signed with the first", async () => {
    expect((await verify(await issueToken(7, 60, settings))).index).toBe(7)
    const retired = tokenVerifier({ ...settings, keys: { secrets: [SECRET] } })
    expect(await codeOf(retired(await issueToken(7, 60, settings)))).toBe("token_invalid")
  })

  test("an issuer whose clock is ahead is not refused", async () => {
    expect((await verify(await sign({ userIndex: 42, iat: now() + 30 }, SECRET, "HS256"))).index).toBe(42)
  })

  test("every refusal has its code", async () => {
    expect(await codeOf(verify(undefined))).toBe("token_missing")
    expect(await codeOf(verify(""))).toBe("token_missing")
    expect(await codeOf(verify(await sign({ userIndex: 42, exp: now() - 1 }, SECRET, "HS256")))).toBe("token_expired")
    expect(await codeOf(verify(await sign({ userIndex: 42 }, "another secret", "HS256")))).toBe("token_invalid")
    expect(await codeOf(verify(await sign({ userIndex: 42, nbf: now() + 60 }, SECRET, "HS256")))).toBe("token_invalid")
  })

  test("the algorithm is not the token's choice", async () => {
    expect(await codeOf(verify(await sign({ userIndex: 42 }, SECRET, "HS512")))).toBe("token_invalid")
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
    expect(await codeOf(verify(`${part({ alg: "none", typ: "JWT" })}.${part({ userIndex: 42 })}.`))).toBe(
      "token_invalid",
    )
  })

  test("the claim must be a positive safe integer", async () => {
    for (const userIndex of [0, -1, 1.5, 2 ** 53, "42", null, [42], undefined])
      expect(await codeOf(verify(await sign({ userIndex }, SECRET, "HS256")))).toBe("token_invalid")
  })

  test("rubbish is refused, never an accident", async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString("base64url")),
    )
    const rubbish = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `x${parts.join(".")}`),
    )
    await fc.assert(
      fc.asyncProperty(rubbish, async (token) => expect(await codeOf(verify(token))).toBe("token_invalid")),
    )
  })
})

describe("a key set", () => {
  const issuer = keyServer()
  afterAll(() => issuer.server.stop(true))
  const verify = tokenVerifier({ keys: { jwksUrl: issuer.url, algorithms: ["ES256"] }, claim: "userIndex" })

  test("verifies with the published key", async () => {
    const token = await issuer.issue("ES256", "first", { userIndex: 42 })
    expect((await verify(token)).index).toBe(42)
  })

  test("is fetched once for many tokens, and not again at once for an unknown key", async () => {
    const before = issuer.fetched()
    const token = await issuer.issue("ES256", "first", { userIndex: 42 })
    await Promise.all(Array.from({ length: 20 }, () => verify(token)))
    const unknown = await issuer.issue("ES256", "unpublished", { userIndex: 42 })
    expect(await codeOf(verify(unknown))).toBe("token_invalid")
    expect(issuer.fetched()).toBe(before)
  })

  test("an algorithm that is not configured, or a shared secret, is refused", async () => {
    expect(await codeOf(verify(await issuer.issue("RS256", "rsa", { userIndex: 42 })))).toBe("token_invalid")
    expect(await codeOf(verify(await sign({ userIndex: 42 }, SECRET, "HS256")))).toBe("token_invalid")
  })

  test("a key that the issuer has made since is found though this machine's clock was set back: it was not, until it caught up", async () => {
    const clock = fakeClock()
    const rotating = keyServer()
    using timeOfDay = spyOn(Date, "now")
    timeOfDay.mockReturnValue(Date.UTC(2027, 0))
    const check = keySet({ jwksUrl: rotating.url, algorithms: ["ES256"] }, clock)
    await check(await rotating.issue("ES256", "first", { userIndex: 42 }))
    rotating.publishes("ES256", "second")
    timeOfDay.mockReturnValue(Date.UTC(2026, 0))
    clock.advance(60_000)
    expect(await check(await rotating.issue("ES256", "second", { userIndex: 43 }))).toMatchObject({ userIndex: 43 })
    await rotating.server.stop(true)
  })

  test("while the issuer was never reached, the answer is unavailable", async () => {
    const unreached = tokenVerifier({
      keys: { jwksUrl: "http://127.0.0.1:1/keys", algorithms: ["ES256"] },
      claim: "userIndex",
    })
    expect(await codeOf(unreached(await issuer.issue("ES256", "first", { userIndex: 42 })))).toBe("unavailable")
  })
})

/** An identity provider: publishes its keys over HTTP and signs with them. */
function keyServer() {
  const parameters = {
    ES256: { name: "ECDSA", namedCurve: "P-256" },
    RS256: {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
  }
  const pairs = new Map<string, Promise<CryptoKeyPair>>()
  const pair = (alg: keyof typeof parameters, kid: string) => {
    const made =
      pairs.get(kid) ?? (crypto.subtle.generateKey(parameters[alg], true, ["sign", "verify"]) as Promise<CryptoKeyPair>)
    pairs.set(kid, made)
    return made
  }
  const publish = async (alg: keyof typeof parameters, kid: string) => ({
    ...(await crypto.subtle.exportKey("jwk", (await pair(alg, kid)).publicKey)),
    kid,
    alg,
  })
  const published: [keyof typeof parameters, string][] = [
    ["ES256", "first"],
    ["RS256", "rsa"],
  ]
  let fetched = 0
  const server = Bun.serve({
    port: 0,
    async fetch() {
      fetched += 1
      return Response.json({ keys: await Promise.all(published.map(([alg, kid]) => publish(alg, kid))) })
    },
  })
  return {
    server,
    url: `http://localhost:${server.port}/keys`,
    fetched: () => fetched,
    publishes: (...key: (typeof published)[number]) => void published.push(key),
    async issue(alg: keyof typeof parameters, kid: string, payload: Record<string, unknown>) {
      const jwk = await crypto.subtle.exportKey("jwk", (await pair(alg, kid)).privateKey)
      return sign(payload, { ...jwk, kid, alg } as never, alg)
    },
  }
}
