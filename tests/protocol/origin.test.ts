import { expect, test } from "bun:test"
import { openPolling, openSocket, rawRequest, serveEngine, upgradeHeaders } from "./conversation.ts"

const lms = "https://lms.example"
const foreign = "https://evil.example"
const allowOrigin = (origin: string) => origin === lms
const forbidden = { code: 4, message: "Forbidden" }

test("a handshake from a page of another origin is refused, on both transports", async () => {
  await using served = serveEngine({ allowOrigin })
  for (const headers of [{ Origin: foreign }, { Origin: "null" }, { Origin: `${lms}.evil.example` }]) {
    const polling = await rawRequest(served, "GET", "EIO=4&transport=polling", headers)
    const websocket = await rawRequest(served, "GET", "EIO=4&transport=websocket", { ...upgradeHeaders, ...headers })
    for (const { status, body, headers } of [polling, websocket]) {
      expect({ status, body: JSON.parse(body) }).toEqual({ status: 403, body: forbidden })
      expect(headers.get("access-control-allow-origin")).toBeNull()
      expect(headers.get("vary")).toBe("Origin")
    }
  }
  expect(served.sessions).toHaveLength(0)
})

test("a page of another origin can neither poll, post to nor upgrade a session it knows of", async () => {
  await using served = serveEngine({ allowOrigin })
  const client = await openPolling(served)
  const headers = { Origin: foreign }
  const query = `EIO=4&sid=${client.sid}`
  const answers = [
    await rawRequest(served, "GET", `${query}&transport=polling`, headers),
    await rawRequest(served, "POST", `${query}&transport=polling`, { ...headers, "Content-Length": "6" }, "4hello"),
    await rawRequest(served, "GET", `${query}&transport=websocket`, { ...upgradeHeaders, ...headers }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
  await client.post("4mine")
  expect(await client.poll()).toBe("4mine")
})

test("a page of an allowed origin may read every answer, refusals too", async () => {
  await using served = serveEngine({ allowOrigin })
  const headers = { origin: lms }
  const handshake = await fetch(served.at("EIO=4&transport=polling"), { headers })
  const { sid } = JSON.parse((await handshake.text()).slice(1))
  const session = served.at(`EIO=4&transport=polling&sid=${sid}`)
  const posted = await fetch(session, { method: "POST", body: "4hello", headers })
  const polled = await fetch(session, { headers })
  const refused = await fetch(served.at("EIO=4&transport=polling&sid=nobody"), { headers })
  expect([handshake, posted, polled, refused].map(({ status }) => status)).toEqual([200, 200, 200, 400])
  for (const response of [handshake, posted, polled, refused]) {
    expect(response.headers.get("access-control-allow-origin")).toBe(lms)
    expect(response.headers.get("access-control-allow-credentials")).toBe("true")
    expect(response.headers.get("vary")).toBe("Origin")
  }
})

test("a page of an allowed origin may open a websocket", async () => {
  await using served = serveEngine({ allowOrigin })
  const url = served.at("EIO=4&transport=websocket", "ws")
  const socket = new WebSocket(url, { headers: { origin: lms } } as never)
  const first = await new Promise<MessageEvent>((resolve) => socket.addEventListener("message", resolve))
  expect(first.data[0]).toBe("0")
  socket.close()
})

test("whoever is not a browser sends no origin, and is not asked for one", async () => {
  await using served = serveEngine({ allowOrigin: () => false })
  const response = await fetch(served.at("EIO=4&transport=polling"))
  expect(response.status).toBe(200)
  expect(response.headers.get("access-control-allow-origin")).toBeNull()
  expect(await (await openSocket(served.at("EIO=4&transport=websocket", "ws"))).next()).toStartWith("0")
})

const preflight = ({ at }: ReturnType<typeof serveEngine>, origin: string, asked?: string) =>
  fetch(at("EIO=4&transport=polling"), {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      ...(asked !== undefined && { "access-control-request-headers": asked }),
    },
  })

test("a preflight allows whatever headers a page asks for, to allowed origins only", async () => {
  await using served = serveEngine({ allowOrigin })
  for (const asked of ["authorization,content-type", "traceparent,x-client-version", "baggage, sentry-trace"]) {
    const allowed = await preflight(served, lms, asked)
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get("access-control-allow-origin")).toBe(lms)
    expect(allowed.headers.get("access-control-allow-credentials")).toBe("true")
    expect(allowed.headers.get("access-control-allow-methods")).toBe("GET, POST")
    expect(allowed.headers.get("access-control-allow-headers")).toBe(asked)
    expect(Number(allowed.headers.get("access-control-max-age"))).toBeGreaterThan(0)
    expect(allowed.headers.get("vary")).toBe("Origin, Access-Control-Request-Headers")
  }
  const refused = await preflight(served, foreign, "traceparent")
  expect([refused.status, await refused.json()]).toEqual([403, forbidden])
  expect([...refused.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([])
})

test("a preflight that asks for no names of headers is told our own", async () => {
  await using served = serveEngine({ allowOrigin })
  const nonsense = ["x".repeat(2001), "a b", "a,,b", "a;b", "<script>", "a,\u00e9", ",", undefined]
  for (const asked of nonsense) {
    const answer = await preflight(served, lms, asked)
    const told = answer.headers.get("access-control-allow-headers")
    expect([asked, told]).toEqual([asked, "Authorization, Content-Type, Content-Language"])
  }
})
