// What could differ from runtime to runtime besides conversations, which tests/way-out and the suites of tests/protocol hold on each.
import { expect, test } from "bun:test"
import { serve, temporaryDirectory } from "./program.ts"
import { describeOnEachRuntime } from "./runtimes.ts"
import { handIn, SOURCE_SECRET, startProcess } from "./server.ts"

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
})
