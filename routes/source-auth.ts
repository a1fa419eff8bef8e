import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import type { MiddlewareHandler } from "hono"
import { bearerToken } from "../src/bearer.ts"
import { Problem } from "../src/problem.ts"
import type { Source } from "../src/settings.ts"
import type { Body } from "./body.ts"
import { type ReadSigned, signedBodies } from "./signed-bodies.ts"
import type { Admit } from "./source-rate.ts"

/** Seconds that a signature's timestamp may differ from now, as in the Standard Webhooks libraries. */
const TOLERANCE = 300

const UNFIT = "No v1 signature fits the raw body and any source's secret."

/**
 * Who sent a request: the source's name. Rejects with `source_unknown`, `signature_invalid` or `signature_stale`. The body is read only
 * when a signature is to be checked, and then may reject as `ReadSigned` does.
 */
export type Authenticate = (headers: Headers, body: Body) => Promise<string>

/** Lets a request pass that proves its source and keeps to its rate; `c.var.source` is the source's name from then on. */
export function sourceAuth(
  authenticate: Authenticate,
  admit: Admit,
): MiddlewareHandler<{ Variables: { source: string; body: Body } }> {
  return async (c, next) => {
    const source = await authenticate(c.req.raw.headers, c.var.body)
    c.set("source", source)
    await admit(source)
    await next()
  }
}

/**
 * For what is asked by the address as well: a signature covers the body alone, and whoever had seen one could ask the same of anything else.
 * Throws `signature_invalid`.
 */
export const bearerOnly: MiddlewareHandler = (c, next) => {
  if (c.req.header("webhook-signature") === undefined) return next()
  throw new Problem("signature_invalid", "A signature does not cover the address: send Authorization: Bearer <secret>.")
}

/**
 * A source shows one of its secrets as `Authorization: Bearer`, or signs the raw body with it (Standard Webhooks, `v1`). A request that
 * carries a signature is judged by that alone. Replays inside the tolerance are harmless: an event is told once.
 */
export function sourceAuthenticator(sources: readonly Source[], readSigned: ReadSigned = signedBodies()): Authenticate {
  const secrets = sources.flatMap(({ name, secrets }) => secrets.map((secret) => ({ name, digest: sha256(secret) })))
  const keys = sources.flatMap(({ name, secrets }) => secrets.flatMap(keysOf).map((key) => ({ name, key })))

  return async (headers, body) => {
    const signature = headers.get("webhook-signature")
    if (signature === null) return byBearer(headers, secrets)
    const signed = readSignature(signature, headers)
    return bySignature(signed, await readSigned(body), keys)
  }
}

function byBearer(headers: Headers, secrets: { name: string; digest: Buffer }[]): string {
  const token = bearerToken(headers.get("authorization"))
  if (token === undefined)
    throw new Problem("source_unknown", "Send Authorization: Bearer <secret>, or sign with Standard Webhooks headers.")
  const digest = sha256(token)
  // All of them are compared, so that the time taken tells nothing.
  const [match] = secrets.filter((secret) => timingSafeEqual(secret.digest, digest))
  if (!match) throw new Problem("source_unknown", "No source has this secret.")
  return match.name
}

/** What a signature says of itself: what it covers besides the body, and the digests of its values. Whatever is wrong with it is told before the body is read. */
type Signature = { covers: string; digests: Buffer[] }

function readSignature(signature: string, headers: Headers): Signature {
  const id = headers.get("webhook-id")
  const timestamp = headers.get("webhook-timestamp") ?? ""
  if (!id || !/^\d{1,15}$/.test(timestamp))
    throw new Problem(
      "signature_invalid",
      "webhook-id, webhook-timestamp (Unix seconds) and webhook-signature belong together.",
    )
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE)
    throw new Problem(
      "signature_stale",
      `webhook-timestamp must be within ${TOLERANCE} s of now; set the clock, and sign each attempt anew.`,
    )

  const digests = signature
    .split(" ")
    .filter((part) => part.startsWith("v1,"))
    .map((part) => sha256(part.slice("v1,".length)))
  if (digests.length === 0) throw new Problem("signature_invalid", UNFIT)
  return { covers: `${id}.${timestamp}.`, digests }
}

function bySignature({ covers, digests }: Signature, body: Uint8Array, keys: { name: string; key: Buffer }[]): string {
  const [match] = keys.filter(({ key }) => {
    const made = sha256(createHmac("sha256", key).update(covers).update(body).digest("base64"))
    return digests.filter((digest) => timingSafeEqual(digest, made)).length > 0
  })
  if (!match) throw new Problem("signature_invalid", UNFIT)
  return match.name
}

/**
 * The signing keys that a secret may stand for. `whsec_` announces base64. Libraries read a secret without it as base64 too, or, when
 * told to, as it is written: both are tried.
 */
function keysOf(secret: string): Buffer[] {
  const encoded = secret.replace(/^whsec_/, "")
  const keys = encoded === secret ? [Buffer.from(secret, "utf8")] : []
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded))
    keys.push(Buffer.from(encoded, "base64"))
  return keys.filter((key) => key.length > 0)
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}
