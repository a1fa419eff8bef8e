// The same sources on Bun, Node and Deno: what differs is realtime/runtimes, and the stock client must not notice.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { Glob } from "bun"
import { issueToken } from "../src/access-token.ts"
import { SETTINGS, serve, temporaryDirectory } from "./program.ts"
import { connect, handIn } from "./server.ts"
import { until } from "./until.ts"

const others = join(import.meta.dir, "../node_modules/.cache/runtimes/node_modules")
// Not what npm puts beside it, a script that starts Deno and keeps signals to itself.
const [deno = ""] = existsSync(others) ? [...new Glob("@deno/*/deno").scanSync(others)] : []
const runtimes = [
  ["Bun", [process.execPath]],
  ["Node 22", [join(others, ".bin/node"), "--disable-warning=ExperimentalWarning"]],
  ["Deno", [join(others, deno), "run", "--allow-all"]],
] as const

const tokenOf = (educator: number) =>
  issueToken(educator, 3600, { keys: { secrets: [SETTINGS.EDUCATOR_TOKEN_SECRET] }, claim: "userIndex" })

describe.each(runtimes)("on %s", (_, runtime) => {
  // `npm test` installs them; a test that is run alone may be without.
  const there = statSync(runtime[0], { throwIfNoEntry: false })?.isFile() ?? false
  const directory = temporaryDirectory()
  let server: Awaited<ReturnType<typeof serve>>
  let educator = 0

  beforeAll(async () => {
    if (there) server = await serve({ DATA_DIR: directory.path, ALLOWED_ORIGINS: "https://lms.example" }, runtime)
  })
  afterAll(() => directory[Symbol.dispose]())

  const post = (...events: unknown[]) =>
    fetch(`${server.url}/events`, {
      method: "POST",
      headers: { Authorization: "Bearer the-secret-of-the-university", "Content-Type": "application/json" },
      body: JSON.stringify(events),
    })

  describe.each([
    ["websocket", { transports: ["websocket"] }],
    ["polling", { transports: ["polling"] }],
    ["polling, upgraded", { transports: ["polling", "websocket"] }],
  ])("over %s", (_, options) => {
    test.skipIf(!there)("events are heard live, and after a break what was missed", async () => {
      educator += 1
      const auth = { token: await tokenOf(educator) }
      using client = connect(server.url, { auth, extraHeaders: { Origin: "https://lms.example" }, ...options })
      await client.live()
      const mark = (mark: number) => handIn({ educators: [educator], data: { assignmentId: 9, mark } })
      expect((await post(mark(1), mark(2))).status).toBe(202)
      await until(() => client.notifications().length === 2)
      client.socket.io.engine.close()
      await until(() => !client.socket.connected)
      await post(mark(3))
      await until(() => client.notifications().length >= 3)
      expect(client.notifications().map(({ 상세 }) => 상세.mark)).toEqual([1, 2, 3])
      const answer = await client.socket.timeout(5000).emitWithAck("read_알림", { 모두: true })
      expect(answer).toMatchObject({ 모두: true, 안읽은_수: 0 })
    })

    test.skipIf(!there)("a bad token and a foreign origin are refused", async () => {
      const refusal = (more: object) => {
        const client = connect(server.url, { reconnection: false, ...options, ...more })
        return new Promise<Error & { data?: { code: string } }>((resolve) => {
          client.socket.on("connect_error", (error) => {
            client[Symbol.dispose]()
            resolve(error)
          })
        })
      }
      expect((await refusal({ auth: { token: "rubbish" } })).data?.code).toBe("token_invalid")
      const foreign = { auth: { token: await tokenOf(1) }, extraHeaders: { Origin: "https://evil.example" } }
      expect((await refusal(foreign)).data).toBeUndefined()
    })
  })

  test.skipIf(!there)(
    "it is ready, lists, serves the stock client, and stops in time though a body was never read to its end",
    async () => {
      expect(await (await fetch(`${server.url}/health/ready`)).json()).toEqual({ status: "ready" })
      const headers = { Authorization: `Bearer ${await tokenOf(1)}` }
      const { items } = (await (await fetch(`${server.url}/notifications`, { headers })).json()) as { items: unknown[] }
      expect(items).toHaveLength(3)
      expect((await fetch(`${server.url}/socket.io/socket.io.js`)).status).toBe(200)
      expect((await fetch(`${server.url}/events`, { method: "POST", body: "x".repeat(2_000_000) })).status).toBe(413)
      expect(await server.end("SIGTERM")).toBe(0)
    },
  )
})
