import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { Webhook } from "standardwebhooks"
import { sourceAuthenticator } from "../../routes/source-auth.ts"
import { Problem } from "../../src/problem.ts"
import { NEW, OLD, signed, sources } from "./sources.ts"

const authenticate = sourceAuthenticator(sources)
const body = JSON.stringify({ id: "1", 이름: "김민수" })

/** A body that is there at once. */
const bodyOf = (text: string) => {
  const bytes = new TextEncoder().encode(text)
  return { size: bytes.length, read: async () => bytes }
}

async function outcome(headers: Record<string, string>, text = body, by = authenticate): Promise<string> {
  try {
    return await by(new Headers(headers), bodyOf(text))
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}

describe("a secret shown as Bearer", () => {
  test("tells the source, by each of its secrets", async () => {
    expect(await outcome({ authorization: `Bearer ${OLD}` })).toBe("university")
    expect(await outcome({ authorization: `Bearer ${NEW}` })).toBe("university")
    expect(await outcome({ AUTHORIZATION: "bearer  school-secret-1234567890" })).toBe("school")
  })

  test("is refused when it is missing, wrong, or shown in another scheme", async () => {
    expect(await outcome({})).toBe("source_unknown")
    expect(await outcome({ authorization: "Bearer " })).toBe("source_unknown")
    expect(await outcome({ authorization: `Bearer ${OLD}x` })).toBe("source_unknown")
    expect(await outcome({ authorization: `Basic ${btoa(`a:${OLD}`)}` })).toBe("source_unknown")
  })

  test("is never repeated in an error", async () => {
    const refused = authenticate(new Headers({ authorization: "Bearer guess-guess" }), bodyOf(""))
    expect(refused).rejects.toThrow(expect.objectContaining({ message: expect.not.stringContaining("guess") }))
  })

  test("nobody comes in when no source is known", async () => {
    expect(await outcome({ authorization: "Bearer " }, body, sourceAuthenticator([]))).toBe("source_unknown")
  })
})

describe("a signature of the official library", () => {
  test("tells the source, by each of its secrets", async () => {
    expect(await outcome(signed(body, NEW))).toBe("university")
    expect(await outcome(signed(body, OLD))).toBe("university")
  })

  test("by a base64 secret without the prefix, which the library decodes too", async () => {
    const secret = Buffer.from("a secret that is base64").toString("base64")
    const at = new Date()
    const headers = { ...signed(body, NEW, at), "webhook-signature": new Webhook(secret).sign("msg_1", at, body) }
    expect(await outcome(headers, body, sourceAuthenticator([{ name: "plain", secrets: [secret] }]))).toBe("plain")
  })

  test("among several, whatever version the others have", async () => {
    const headers = signed(body)
    const list = `v1a,AAAA v1,${Buffer.alloc(32).toString("base64")} ${headers["webhook-signature"]} v2`
    expect(await outcome({ ...headers, "webhook-signature": list })).toBe("university")
  })

  test("is refused when anything that it covers differs", async () => {
    const headers = signed(body)
    expect(await outcome(headers, `${body} `)).toBe("signature_invalid")
    expect(await outcome({ ...headers, "webhook-id": "msg_2" })).toBe("signature_invalid")
    const later = String(Number(headers["webhook-timestamp"]) + 1)
    expect(await outcome({ ...headers, "webhook-timestamp": later })).toBe("signature_invalid")
    expect(await outcome(signed(body, "whsec_c29tZWJvZHkgZWxzZQ=="))).toBe("signature_invalid")
  })

  test("is refused when a header is missing, or is no time", async () => {
    const { "webhook-id": id, ...rest } = signed(body)
    expect(await outcome(rest)).toBe("signature_invalid")
    for (const timestamp of ["", "now", "1e9", "-5", "1".repeat(40)])
      expect(await outcome({ ...rest, "webhook-id": String(id), "webhook-timestamp": timestamp })).toBe(
        "signature_invalid",
      )
  })

  test("is good for five minutes either way", async () => {
    const at = (seconds: number) => outcome(signed(body, NEW, new Date(Date.now() + seconds * 1000)))
    expect(await Promise.all([at(-290), at(290)])).toEqual(["university", "university"])
    expect(await Promise.all([at(-310), at(310)])).toEqual(["signature_stale", "signature_stale"])
  })

  test("is judged alone: a good Bearer secret beside a bad signature does not help", async () => {
    expect(await outcome({ ...signed(`${body} `), authorization: `Bearer ${OLD}` })).toBe("signature_invalid")
  })

  test("an empty key opens nothing", async () => {
    const at = new Date()
    const made = new Bun.CryptoHasher("sha256", "")
      .update(`msg_1.${Math.floor(at.getTime() / 1000)}.${body}`)
      .digest("base64")
    const by = sourceAuthenticator([{ name: "empty", secrets: ["whsec_", ""] }])
    expect(await outcome({ ...signed(body, NEW, at), "webhook-signature": `v1,${made}` }, body, by)).toBe(
      "signature_invalid",
    )
  })
})

test("no header can make it fail in another way", async () => {
  const latin1 = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
  const headers = fc.record(
    {
      authorization: fc.oneof(
        latin1,
        latin1.map((token) => `Bearer ${token}`),
      ),
      "webhook-id": latin1,
      "webhook-timestamp": fc.oneof(latin1, fc.constant(String(Math.floor(Date.now() / 1000)))),
      "webhook-signature": fc.oneof(
        latin1,
        latin1.map((signature) => `v1,${signature}`),
      ),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(headers, async (given) =>
      expect(await outcome(given)).toMatch(/^(source_unknown|signature_invalid|signature_stale)$/),
    ),
    { numRuns: 500 },
  )
})
