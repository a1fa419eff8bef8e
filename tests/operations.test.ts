import { expect, test } from "bun:test"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { createApp } from "../routes/app.ts"
import { type Checks, operationRoutes } from "../routes/operations.ts"
import { sqliteHistory } from "../src/history/sqlite.ts"
import { createLog } from "../src/log.ts"
import { createMetrics } from "../src/metrics.ts"
import { originAllower } from "../src/origin.ts"
import { remembered } from "../src/remembered.ts"
import { fakeClock } from "./fake-clock.ts"
import { temporaryDirectory } from "./program.ts"
import { handIn, listen, startServer } from "./server.ts"
import { until } from "./until.ts"

/** One sample of `/metrics`. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split("\n").find((line) => line.startsWith(`${name} `))
  return Number(line?.split(" ").at(-1))
}

test("metrics tell what was posted, recorded and delivered, how fast, and who is connected", async () => {
  await using server = await startServer()
  using client = await listen(server, 42)
  const event = handIn()
  await server.post([event, event, handIn({ educators: [99] }), { id: "no type" }])
  await until(() => client.notifications().length === 1)
  const read = (name: string) => metric(server.url, name)
  expect(await read('allim_events_total{status="accepted"}')).toBe(2)
  expect(await read('allim_events_total{status="duplicate"}')).toBe(1)
  expect(await read('allim_events_total{status="rejected"}')).toBe(1)
  expect(await read("allim_notifications_recorded_total")).toBe(4)
  expect(await read('allim_delivered_total{by="bus"}')).toBe(1)
  expect(await read("allim_delivery_seconds_count")).toBe(1)
  expect(await read("allim_delivery_seconds_sum")).toBeLessThan(5)
  expect(await read("allim_sockets")).toBe(1)
  expect(await read("allim_rooms")).toBe(1)
  expect(await read('allim_request_seconds_count{method="POST",route="/events",status="202"}')).toBe(1)
})

test("health says that it lives, and whether it is ready", async () => {
  await using server = await startServer()
  const ask = async (path: string) => {
    const response = await fetch(server.url + path)
    return [response.status, ((await response.json()) as { status: unknown }).status]
  }
  expect(await ask("/health/live")).toEqual([200, "live"])
  expect(await ask("/health/ready")).toEqual([200, "ready"])
})

test("who asks whether it is ready does not make it write: every balancer asks, every few seconds", async () => {
  await using server = await startServer()
  const ready = () => fetch(`${server.url}/health/ready`)
  expect((await ready()).status).toBe(200)
  const database = new DatabaseSync(join(server.dataDir, "history.sqlite"))
  const commits = () => database.prepare("PRAGMA data_version").get()?.data_version
  const before = commits()
  for (let time = 0; time < 20; time++) expect((await ready()).status).toBe(200)
  expect(commits()).toBe(before)
  database.close()
})

/** The routes alone, of parts that answer or do not, and what was reported. */
function healthOf(vital: Checks, lesser: Checks = {}, stopping = false) {
  const reported: unknown[] = []
  const report = (...told: unknown[]) => reported.push(told)
  const routes = operationRoutes({ vital, lesser, stopping: () => stopping, metrics: createMetrics(), report })
  const app = createApp({ log: createLog("silent"), metrics: createMetrics(), allowOrigin: originAllower([]) }, [
    routes,
  ])
  const ask = async () => {
    const response = await app.request("/health/ready")
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  return { ask, reported }
}

const well = () => Promise.resolve()
const ill = () => Promise.reject(new Error("away"))

test("without the directory or the bus it is degraded, which no balancer takes it out for; without history it is not ready", async () => {
  const degraded = healthOf({ history: well }, { bus: ill, directory: ill, more: well })
  expect(await degraded.ask()).toMatchObject({
    status: 200,
    body: { status: "degraded", degraded: ["bus", "directory"] },
  })
  expect(degraded.reported).toEqual([
    ["health", new Error("Degraded: bus, directory does not answer; everything else is served.")],
  ])

  const failing = healthOf({ history: ill, delivery: well }, { bus: ill })
  const { status, body, headers } = await failing.ask()
  expect([status, headers.get("Retry-After")]).toEqual([503, "5"])
  expect(body).toMatchObject({ code: "unavailable", failing: ["history"] })

  expect(await healthOf({ history: well }, {}, true).ask()).toMatchObject({
    status: 503,
    body: { code: "unavailable" },
  })
})

test("a history file that somebody locks is noticed within 5 s, though reading goes on, and found well again as soon", async () => {
  using directory = temporaryDirectory()
  const path = join(directory.path, "history.sqlite")
  const history = sqliteHistory({ path, fields: [] })
  const clock = fakeClock()
  const { ask } = healthOf({ history: remembered(history.ping, 5_000, clock) })
  expect((await ask()).status).toBe(200)
  const other = new DatabaseSync(path)
  other.exec("BEGIN IMMEDIATE")
  expect((await ask()).status).toBe(200)
  clock.advance(5_000)
  expect(await ask()).toMatchObject({ status: 503, body: { failing: ["history"] } })
  other.exec("ROLLBACK")
  await clock.settle()
  clock.advance(5_000)
  expect((await ask()).status).toBe(200)
  other.close()
  await history.close()
})

test("a stop closes sockets as a lost connection is closed, so that clients come back by themselves, and takes no new ones", async () => {
  const server = await startServer()
  using client = await listen(server, 42, { transports: ["websocket"] })
  const reasons: string[] = []
  client.socket.on("disconnect", (reason) => reasons.push(reason))
  await server[Symbol.asyncDispose]()
  await until(() => reasons.length === 1)
  expect(reasons).toEqual(["transport close"])
  expect(fetch(`${server.url}/health/live`)).rejects.toThrow()
})

test("what is there is named, what is not is told as a problem, and a wrong method names the right one", async () => {
  await using server = await startServer()
  const unknown = await fetch(`${server.url}/nothing`)
  expect(unknown.headers.get("Content-Type")).toBe("application/problem+json")
  expect(await unknown.json()).toMatchObject({ status: 404, code: "not_found" })
  const wrong = await fetch(`${server.url}/events`)
  expect([wrong.status, wrong.headers.get("Allow")]).toEqual([405, "POST, DELETE"])
})

test("a connection that the client wants closed is said to be: node-fetch sent its next request into the closed one", async () => {
  await using server = await startServer()
  const { hostname, port } = new URL(server.url)
  for (const path of ["/health/live", "/nothing", "/socket.io/?EIO=4&transport=polling"]) {
    const answer = Promise.withResolvers<string>()
    const socket = await Bun.connect({
      hostname,
      port: Number(port),
      socket: { data: (_, bytes) => answer.resolve(bytes.toString()) },
    })
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`)
    expect(await answer.promise).toMatch(/^connection: close\r$/im)
    socket.end()
  }
})

test("every answer carries a request id, the caller's if it sent a sound one", async () => {
  await using server = await startServer()
  const ask = (id: string) => fetch(`${server.url}/health/live`, { headers: { "X-Request-Id": id } })
  expect((await ask("trace-1")).headers.get("X-Request-Id")).toBe("trace-1")
  expect((await ask("<script>")).headers.get("X-Request-Id")).not.toContain("<")
})

test("the stock client's bundle, the bell and the API's page are served, and pages load nothing from elsewhere", async () => {
  await using server = await startServer()
  for (const path of [
    "/socket.io/socket.io.js",
    "/socket.io/socket.io.min.js",
    "/socket.io/socket.io.esm.min.js",
    "/bell.js",
    "/docs",
  ]) {
    const response = await fetch(server.url + path)
    expect([path, response.status]).toEqual([path, 200])
    expect(response.headers.get("ETag")).toBeString()
    const again = await fetch(server.url + path, { headers: { "If-None-Match": response.headers.get("ETag") ?? "" } })
    expect(again.status).toBe(304)
  }
  const bell = await fetch(`${server.url}/bell.js`, { headers: { "Accept-Encoding": "gzip" } })
  expect([bell.headers.get("Content-Encoding"), (await bell.text()).length > 50_000]).toEqual(["gzip", true])
  const docs = await fetch(`${server.url}/docs`)
  expect(docs.headers.get("Content-Security-Policy")).toContain("default-src 'none'")
  expect(await docs.text()).not.toMatch(/https?:\/\//)
})
