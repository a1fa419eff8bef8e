// Requests that no browser sends, byte for byte: each runtime answers them alike, and none shows what is inside.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { runtimes } from "./installed-runtimes.ts"
import { serve, temporaryDirectory } from "./program.ts"
import { askRaw, openRaw } from "./raw.ts"

const LMS = "https://lms.example"
const SECRET = "a-token-in-the-query"

/** Requests that make no sense, each without its last empty line. */
const nonsense: Record<string, string> = {
  "a host with a space": `GET /x?token=${SECRET} HTTP/1.1\r\nHost: a b%`,
  "a host that is no address": `GET /x?token=${SECRET} HTTP/1.1\r\nHost: [::1`,
  "a host with a port that is none": `GET /x?token=${SECRET} HTTP/1.1\r\nHost: a:99999`,
  "a host with a path": `GET /x?token=${SECRET} HTTP/1.1\r\nHost: a/b`,
  "a host with a user": `GET /x?token=${SECRET} HTTP/1.1\r\nHost: a@b`,
  "a host in UTF-8": `GET /x?token=${SECRET} HTTP/1.1\r\nHost: \xed\x95\x9c`,
  "a host of the websocket's path": `GET /socket.io/?EIO=4&transport=polling&token=${SECRET} HTTP/1.1\r\nHost: a b%`,
  "a nonsensical host and HTTP/1.0": `GET /x?token=${SECRET} HTTP/1.0\r\nHost: a b%`,
  "two hosts": `GET /health/live?token=${SECRET} HTTP/1.1\r\nHost: a\r\nHost: b`,
  "the same host twice": `GET /health/live?token=${SECRET} HTTP/1.1\r\nHost: a\r\nHost: a`,
  "an empty host and another": `GET /health/live?token=${SECRET} HTTP/1.1\r\nHost:\r\nHost: a`,
  "no host in HTTP/1.1": `GET /x?token=${SECRET} HTTP/1.1\r\nX-A: 1`,
  "no request at all": "NONSENSE",
}

describe.each(runtimes)("on %s", (_, runtime, there) => {
  const directory = temporaryDirectory()
  let server: Awaited<ReturnType<typeof serve>>
  beforeAll(async () => {
    if (there) server = await serve({ DATA_DIR: directory.path, ALLOWED_ORIGINS: LMS }, runtime)
  })
  afterAll(async () => {
    if (there) await server.end("SIGTERM")
    directory[Symbol.dispose]()
  })

  test.skipIf(!there).each(Object.entries(nonsense))("%s is a 400 that says nothing more", async (_, request) => {
    const { status, body, headers } = await askRaw(server.url, `${request}\r\n\r\n`)
    expect(status).toBe(400)
    expect(body).toBe("")
    expect(headers.get("content-type") ?? "none").not.toContain("html")
  })

  test.skipIf(!there)("HTTP/1.0 without a host, as some health checks ask, is answered", async () => {
    const live = await askRaw(server.url, "GET /health/live HTTP/1.0\r\n\r\n")
    expect([live.status, live.body]).toEqual([200, '{"status":"live"}'])
    const unknown = await askRaw(server.url, `GET /?token=${SECRET} HTTP/1.0\r\n\r\n`)
    expect([unknown.status, JSON.parse(unknown.body).code]).toEqual([404, "not_found"])
    const listed = await askRaw(server.url, "GET /notifications?limit=3 HTTP/1.0\r\n\r\n")
    expect([listed.status, JSON.parse(listed.body).code]).toEqual([401, "token_missing"])
    const polled = await askRaw(server.url, "GET /socket.io/?EIO=4&transport=polling HTTP/1.0\r\n\r\n")
    expect([polled.status, polled.body[0]]).toEqual([200, "0"])
  })

  test.skipIf(!there)("so is its body read", async () => {
    const event = JSON.stringify({ id: "old", type: "library.visited", student: 7, educators: [42] })
    const head = "POST /events HTTP/1.0\r\nAuthorization: Bearer the-secret-of-the-university\r\n"
    const { status } = await askRaw(
      server.url,
      `${head}Content-Type: application/json\r\nContent-Length: ${event.length}\r\n\r\n${event}`,
    )
    expect(status).toBe(202)
  })

  test.skipIf(!there).each([
    ["whose length is announced", "Content-Length: 9000000\r\n\r\n"],
    ["in chunks", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"],
  ])("who shows a wrong secret is told so without their body, %s, being waited for", async (_, rest) => {
    const head =
      "PUT /directory HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer wrong\r\n"
    const { status, body } = await askRaw(server.url, head + rest)
    expect([status, JSON.parse(body).code]).toEqual([401, "source_unknown"])
  })

  test.skipIf(!there)("a body in chunks is refused when it has become too large, not when it ends", async () => {
    using raw = openRaw(server.url)
    raw.write(
      "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer the-secret-of-the-university\r\nTransfer-Encoding: chunked\r\n\r\n",
    )
    for (let sent = 0; sent <= 1024 * 1024; sent += 0x8000) raw.write(`8000\r\n${" ".repeat(0x8000)}\r\n`)
    const { status, body } = await raw.answer()
    expect([status, JSON.parse(body).code]).toEqual([413, "body_too_large"])
  })

  test.skipIf(!there)("an empty host is no host, and a name with an underscore is one", async () => {
    for (const host of ["", "allim_web:3000", "[::1]:3000", "LMS.example"]) {
      const { status } = await askRaw(server.url, `GET /health/live HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      expect([host, status]).toEqual([host, 200])
    }
  })

  test.skipIf(!there)("a page of no host is of no allowed origin", async () => {
    for (const origin of ["http://localhost", "null", "http://", "file://"]) {
      const path = "/socket.io/?EIO=4&transport=polling"
      const { status } = await askRaw(server.url, `GET ${path} HTTP/1.0\r\nOrigin: ${origin}\r\n\r\n`)
      expect([origin, status]).toEqual([origin, 403])
      const empty = await askRaw(server.url, `GET ${path} HTTP/1.1\r\nHost:\r\nOrigin: ${origin}\r\n\r\n`)
      expect([origin, empty.status]).toEqual([origin, 403])
    }
  })

  test.skipIf(!there).each(["/socket.io/?EIO=4&transport=polling", "/notifications", "/events"])(
    "a preflight of %s allows what a page asks for, and tells a foreign one of nothing",
    async (path) => {
      const ask = async (origin: string, asked: string) => {
        const wanted = `Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: ${asked}`
        const request = `OPTIONS ${path} HTTP/1.1\r\nHost: a\r\nOrigin: ${origin}\r\n${wanted}\r\n\r\n`
        const { status, headers } = await askRaw(server.url, request)
        const told = [...headers].filter(([name]) => /^access-control-allow-(?!credentials)/.test(name))
        return { status, vary: headers.get("vary"), allow: Object.fromEntries(told) }
      }
      const allowed = await ask(LMS, "authorization,traceparent,x-client-version")
      expect(allowed).toMatchObject({
        status: 204,
        vary: "Origin, Access-Control-Request-Headers",
        allow: {
          "access-control-allow-origin": LMS,
          "access-control-allow-methods": expect.stringContaining("POST"),
          "access-control-allow-headers": "authorization,traceparent,x-client-version",
        },
      })
      const nonsense = await ask(LMS, "a,\xe9")
      expect(nonsense.allow["access-control-allow-headers"]).toBe("Authorization, Content-Type, Content-Language")
      expect((await ask("https://evil.example", "traceparent")).allow).toEqual({})
    },
  )

  test.skipIf(!there)("HEAD says the length that GET has, or none when the answer is compressed", async () => {
    const paths = [
      "/bell.js",
      "/docs",
      "/socket.io/socket.io.min.js",
      "/health/live",
      "/openapi.json",
      "/asyncapi.json",
    ]
    const refused = ["/nothing", "/notifications", "/events"]
    for (const encoding of ["identity", "gzip"])
      for (const path of [...paths, ...refused]) {
        const request = ` ${path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ${encoding}\r\nConnection: close\r\n\r\n`
        const got = await askRaw(server.url, `GET${request}`)
        using raw = openRaw(server.url)
        raw.write(`HEAD${request}`)
        const head = await raw.answer({ head: true })
        await raw.closed
        expect([path, head.status, raw.text()]).toEqual([path, got.status, ""])
        const length = got.headers.has("content-encoding") ? null : String(got.body.length)
        expect([path, encoding, head.headers.get("content-length")]).toEqual([path, encoding, length])
        for (const name of ["content-type", "content-encoding", "etag", "vary", "cache-control"])
          expect([path, name, head.headers.get(name)]).toEqual([path, name, got.headers.get(name)])
      }
    expect(
      (await askRaw(server.url, "HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n")).headers.get("content-length"),
    ).toMatch(/^\d{4}/)
    expect(server.log()).toContain('"method":"HEAD"')
  })

  test.skipIf(!there)("a websocket whose host makes no sense is refused as such", async () => {
    using raw = openRaw(server.url)
    raw.write(
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a b%\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )
    expect((await raw.answer()).status).toBe(400)
  })

  test.skipIf(!there)("nothing of all that was logged with what the query held", () => {
    expect(server.log()).not.toContain(SECRET)
  })
})
