// What could differ from runtime to runtime besides conversations, which tests/way-out and the suites of tests/protocol hold on each.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { issueToken } from "../src/access-token.ts"
import { holdConnections } from "./hold-connections.ts"
import { SETTINGS, serve, temporaryDirectory } from "./program.ts"
import { openRaw } from "./raw.ts"
import { describeOnEachRuntime, testOnAllRuntimes } from "./runtimes.ts"
import { connect, handIn, SOURCE_SECRET, startProcess } from "./server.ts"
import { until } from "./until.ts"
import { rawClient } from "./way-out/raw-client.ts"

const tokenOf = (educator: number) =>
  issueToken(educator, 3600, { keys: { secrets: [SETTINGS.EDUCATOR_TOKEN_SECRET] }, claim: "userIndex" })

const onLinux = test.skipIf(process.platform !== "linux")

/** The server's command, with few descriptors. */
const withFew = (command: readonly string[]) => ["sh", "-c", 'ulimit -n 400; exec "$0" "$@"', ...command]

/** Seconds of a core that a process has used: `utime` and `stime` of proc(5), in hundredths. */
function cpuSeconds(pid: number): number {
  const [, ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")
  const [user, system] = fields.join().split(" ").slice(11, 13)
  return (Number(user) + Number(system)) / 100
}

/** Whether a new connection is served. */
const isServed = (url: string) =>
  fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ status }) => status === 200,
    () => false,
  )

describeOnEachRuntime((runtime) => {
  test("a body that comes in chunks, without its length, is read as any other, and no further than its limit", async () => {
    await using server = await startProcess(runtime)
    const send = async (method: string, path: string, token: string, body: string) => {
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }
      const chunks = new Blob([body]).stream()
      return (await fetch(server.url + path, { method, headers, body: chunks })).status
    }
    const large = JSON.stringify(handIn({ data: { text: "x".repeat(1024 * 1024) } }))
    expect(await send("POST", "/events", SOURCE_SECRET, JSON.stringify(handIn()))).toBe(202)
    expect(await send("POST", "/events", SOURCE_SECRET, large)).toBe(413)
    expect(await send("PUT", "/directory", SOURCE_SECRET, `{"courses":[{"id":3,"name":"Math"}]}`)).toBe(204)
    expect(await send("POST", "/notifications/read", await server.tokenOf(42), `{"모두":true}`)).toBe(200)
  })

  test("a client that hangs up in the middle of its body is no error", async () => {
    using directory = temporaryDirectory()
    using server = await serve({ DATA_DIR: directory.path }, runtime.command)
    const signature = `webhook-id: a\r\nwebhook-timestamp: ${Math.floor(Date.now() / 1000)}\r\nwebhook-signature: v1,AAAA`
    for (const proof of [`Authorization: Bearer ${SOURCE_SECRET}`, signature])
      for (const start of ["Content-Length: 100\r\n\r\n[", "Transfer-Encoding: chunked\r\n\r\n5\r\n[  "]) {
        using client = openRaw(server.url)
        const head = `POST /events HTTP/1.1\r\nHost: a\r\n${proof}\r\nContent-Type: application/json`
        await new Promise<unknown>((resolve) => client.socket.write(`${head}\r\n${start}`, resolve))
      }
    const refused = /allim_request_seconds_count{method="POST",route="\/events",status="400"} 4\n/
    await until(async () => refused.test(await (await fetch(`${server.url}/metrics`)).text()))
    expect(server.log()).toContain('"status":400')
    expect(server.log()).not.toContain('"level":"error"')
    expect(await server.end("SIGTERM")).toBe(0)
  })

  test("it is ready, serves the stock client, and stops in time though a body was never read to its end", async () => {
    using directory = temporaryDirectory()
    const server = await serve({ DATA_DIR: directory.path }, runtime.command)
    expect(await (await fetch(`${server.url}/health/ready`)).json()).toEqual({ status: "ready" })
    expect((await fetch(`${server.url}/socket.io/socket.io.js`)).status).toBe(200)
    expect((await fetch(`${server.url}/events`, { method: "POST", body: "x".repeat(2_000_000) })).status).toBe(413)
    expect(await server.end("SIGTERM")).toBe(0)
  })

  test("a signal that comes as soon as it says where it is stops it cleanly", async () => {
    const startAndStop = async () => {
      await using _ = await startProcess(runtime) // throws unless it ends with 0
    }
    const ends = await Promise.allSettled(Array.from({ length: 4 }, startAndStop))
    expect(ends.map(({ status }) => status)).toEqual(Array(4).fill("fulfilled"))
  })

  test("nobody takes more of it than one may", async () => {
    using directory = temporaryDirectory()
    using server = await serve({ DATA_DIR: directory.path, UNCONNECTED: "2", SOCKETS_PER_TOKEN: "1" }, runtime.command)
    const [first, second] = [await rawClient(server), await rawClient(server)]
    const third = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`)
    expect([third.status, third.headers.get("Retry-After")]).toEqual([503, "10"])
    const websocket = new WebSocket(`${server.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`)
    await new Promise((resolve) => websocket.addEventListener("error", resolve))

    await second.post(Array(1_000).fill("3").join("\x1e"))
    expect((await second.poll()).status).toBe(400)

    const token = JSON.stringify({ token: await tokenOf(1) })
    await first.say(...Array(100).fill(`0/%EC%95%8C%EB%A6%BC,${token}`))
    expect(await first.hear()).toStartWith('0/%EC%95%8C%EB%A6%BC,{"sid":')
    expect(await first.hear()).toStartWith('2/%EC%95%8C%EB%A6%BC,["count_알림",')
    const fourth = await rawClient(server)
    await fourth.say(`0/알림,${token}`)
    expect(await fourth.hear()).toContain("too_many_connections")
    await first.say("1/%EC%95%8C%EB%A6%BC,")
    await first.ended()
    await fourth.say(`0/알림,${token}`)
    expect(await fourth.hear()).toStartWith('0/알림,{"sid":')
    for (const limit of ["unconnected", "client_rate", "token_sockets"])
      expect(server.log()).toContain(`"limit":"${limit}"`)
    expect(await server.end("SIGTERM")).toBe(0)
  })

  onLinux(
    "short of descriptors, new connections are answered with 503 and closed, the others served; and it recovers",
    async () => {
      using directory = temporaryDirectory()
      using server = await serve({ DATA_DIR: directory.path }, withFew(runtime.command))
      const { ask, answers, held, refused, close } = await holdConnections(server.url, 300)
      expect(held.length).toBeGreaterThan(100)
      expect(held.length).toBeLessThan(200)
      expect(held.length + refused.length).toBe(300)
      const { headers } = answers.find(({ statusCode }) => statusCode === 503) ?? {}
      expect(headers).toMatchObject({ "retry-after": "10", connection: "close" })
      expect(headers?.["content-type"]).toBe("application/problem+json")

      expect(new Set(await Promise.all(held.map(async (agent) => (await ask(agent)).statusCode)))).toEqual(
        new Set([200]),
      )
      expect(server.log().split('"limit":"descriptors"')).toHaveLength(2)
      close()
      await until(async () => (await fetch(`${server.url}/health/live`)).status === 200)
      expect(await server.end("SIGTERM")).toBe(0)
    },
  )

  onLinux(
    "without a descriptor left, for connections that say nothing, it does not spin and serves the others; and it recovers",
    async () => {
      using directory = temporaryDirectory()
      using server = await serve({ DATA_DIR: directory.path }, withFew(runtime.command))
      const { pid } = server.child
      using page = connect(server.url, { auth: { token: await tokenOf(42) }, transports: ["websocket"] })
      await page.live()
      using lms = openRaw(server.url)
      const post = async () => {
        const body = JSON.stringify(handIn())
        const head = `Host: a\r\nAuthorization: Bearer ${SOURCE_SECRET}\r\nContent-Type: application/json`
        lms.write(`POST /events HTTP/1.1\r\n${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
        return (await lms.answer()).status
      }
      expect(await post()).toBe(202)

      const silent = Array.from({ length: 600 }, () => openRaw(server.url))
      await until(() => readdirSync(`/proc/${pid}/fd`).length > 380)
      const begun = { cpu: cpuSeconds(pid), at: performance.now() }
      for (let posted = 2; posted < 20; posted++) {
        expect(await post()).toBe(202)
        await until(() => page.notifications().length === posted)
        await Bun.sleep(100) // in which it has nothing to do
      }
      const seconds = (performance.now() - begun.at) / 1000
      expect(cpuSeconds(pid) - begun.cpu).toBeLessThan(seconds / 2)
      expect(server.log().split('"limit":"descriptors"')).toHaveLength(2)

      for (const { socket } of silent) socket.destroy()
      await until(() => isServed(server.url))
      expect([await post(), page.socket.connected]).toEqual([202, true])
      page.socket.disconnect()
      expect(await server.end("SIGTERM")).toBe(0)
    },
  )

  onLinux("it stops cleanly also when no descriptor is left", async () => {
    using directory = temporaryDirectory()
    using server = await serve({ DATA_DIR: directory.path }, withFew(runtime.command))
    const silent = Array.from({ length: 600 }, () => openRaw(server.url))
    await until(() => server.log().includes('"limit":"descriptors"'))
    expect(await server.end("SIGTERM")).toBe(0)
    for (const { socket } of silent) socket.destroy()
  })
})

testOnAllRuntimes(
  "a connection that asks for nothing is closed after some seconds, and none that is asking",
  async (runtime) => {
    await using server = await startProcess(runtime)
    using asking = openRaw(server.url)
    asking.write("POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n")
    asking.write(`Authorization: Bearer ${SOURCE_SECRET}\r\nContent-Type: application/json\r\n\r\n`)
    await until(() => isServed(server.url)) // by then it has what was written
    using silent = openRaw(server.url)
    await silent.closed
    asking.write("[]")
    expect((await asking.answer()).status).toBe(422)
  },
)
