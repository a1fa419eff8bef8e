// What could differ from runtime to runtime besides conversations, which tests/way-out and the suites of tests/protocol hold on each.
import { expect, test } from "bun:test"
import { issueToken } from "../src/access-token.ts"
import { holdConnections } from "./hold-connections.ts"
import { SETTINGS, serve, temporaryDirectory } from "./program.ts"
import { describeOnEachRuntime } from "./runtimes.ts"
import { handIn, SOURCE_SECRET, startProcess } from "./server.ts"
import { until } from "./until.ts"
import { rawClient } from "./way-out/raw-client.ts"

const tokenOf = (educator: number) =>
  issueToken(educator, 3600, { keys: { secrets: [SETTINGS.EDUCATOR_TOKEN_SECRET] }, claim: "userIndex" })

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

  test.skipIf(process.platform !== "linux")(
    "short of descriptors, new connections are answered with 503 and closed, the others served; and it recovers",
    async () => {
      using directory = temporaryDirectory()
      const limited = ["sh", "-c", 'ulimit -n 400; exec "$0" "$@"', ...runtime.command]
      using server = await serve({ DATA_DIR: directory.path }, limited)
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
})
