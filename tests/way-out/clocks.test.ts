// Clocks decide nothing: a server whose time of day is wrong, or becomes right, tells everything all the same.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { issueToken } from "../../src/access-token.ts"
import { SETTINGS, serve, temporaryDirectory } from "../program.ts"
import { describeOnEachRuntime } from "../runtimes.ts"
import { connect, handIn } from "../server.ts"
import { until } from "../until.ts"

const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR

const token = await issueToken(42, 10 * 365 * 86_400, {
  keys: { secrets: [SETTINGS.EDUCATOR_TOKEN_SECRET] },
  claim: "userIndex",
})

describeOnEachRuntime(({ command, preload }) => {
  let directory: ReturnType<typeof temporaryDirectory>
  let server: Awaited<ReturnType<typeof serve>>
  const skew = (milliseconds: number) => writeFileSync(join(directory.path, "skew"), String(milliseconds))

  beforeEach(async () => {
    directory = temporaryDirectory()
    skew(0)
    const preloaded = [...command, preload, join(import.meta.dir, "../skewed-clock.ts")]
    const environment = { DATA_DIR: join(directory.path, "data"), CLOCK_SKEW_FILE: join(directory.path, "skew") }
    server = await serve(environment, preloaded)
  })
  afterEach(async () => {
    await server.end("SIGTERM")
    directory[Symbol.dispose]()
  })

  let posted = 0
  async function post(): Promise<number> {
    posted += 1
    const response = await fetch(`${server.url}/events`, {
      method: "POST",
      headers: { Authorization: "Bearer the-secret-of-the-university", "Content-Type": "application/json" },
      body: JSON.stringify(handIn({ educators: [42], data: { assignmentId: 9, attempt: posted } })),
    })
    expect(response.status).toBe(202)
    return posted
  }

  const attempts = (client: ReturnType<typeof connect>) => client.notifications().map(({ 상세 }) => 상세.attempt)

  /** Breaks the line as a network does, and waits until the stock client has come back by itself. */
  async function breakLine(client: ReturnType<typeof connect>, meanwhile: () => Promise<unknown>) {
    const before = client.counts().length
    client.socket.io.engine.close()
    await meanwhile()
    await until(() => client.counts().length > before)
  }

  test.each([
    ["an hour ahead, and set right", HOUR],
    ["a year ahead, and set right", YEAR],
    ["an hour behind, and set right", -HOUR],
  ])(
    "a client that connected while the server was %s hears everything, and comes back to everything",
    async (_, by) => {
      skew(by)
      using client = connect(server.url, { auth: { token }, transports: ["websocket"] })
      await client.live()
      const told = [await post()]
      await until(() => client.notifications().length === 1)
      skew(0)
      told.push(await post())
      await until(() => client.notifications().length === 2)
      await breakLine(client, async () => told.push(await post()))
      told.push(await post())
      await until(() => client.notifications().length >= 4)
      expect(attempts(client)).toEqual(told)
      expect(client.refreshes()).toEqual([])
    },
  )

  test("a server that is set an hour ahead and back again under a client loses nothing and refreshes nothing", async () => {
    using client = connect(server.url, { auth: { token }, transports: ["websocket"] })
    await client.live()
    const told: number[] = []
    for (const by of [0, HOUR, -HOUR, 0]) {
      skew(by)
      told.push(await post())
      await breakLine(client, async () => told.push(await post()))
    }
    await until(() => client.notifications().length >= told.length)
    expect(attempts(client)).toEqual(told)
    expect(client.refreshes()).toEqual([])
  })

  test("a cursor of the future is answered with one refresh, and the next one is good", async () => {
    using first = connect(server.url, { auth: { token }, transports: ["websocket"] })
    await first.live()
    await post()
    await until(() => first.notifications().length === 1)
    const [version, store, educator] = String(first.cursor()).split(".")
    const later = (2 ** 52).toString(36)
    let offset: string | undefined = [version, store, educator, later, later, ""].join(".")
    using client = connect(server.url, {
      transports: ["websocket"],
      auth: (answer) => {
        answer({ token, ...(offset && { offset }) })
        offset = undefined
      },
    })
    await client.live()
    expect(client.refreshes()).toEqual([{ 이유: "cursor_invalid" }])
    const told = [await post()]
    await until(() => client.notifications().length === 1)
    await breakLine(client, async () => told.push(await post()))
    await until(() => client.notifications().length >= 2)
    expect(attempts(client)).toEqual(told)
    expect(client.refreshes()).toHaveLength(1)
  })
})
