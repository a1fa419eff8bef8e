// What could differ from runtime to runtime besides conversations, which tests/way-out holds on each.
import { expect, test } from "bun:test"
import { serve, temporaryDirectory } from "./program.ts"
import { describeOnEachRuntime } from "./runtimes.ts"

describeOnEachRuntime((runtime) => {
  test("it is ready, serves the stock client, and stops in time though a body was never read to its end", async () => {
    using directory = temporaryDirectory()
    const server = await serve({ DATA_DIR: directory.path }, runtime.command)
    expect(await (await fetch(`${server.url}/health/ready`)).json()).toEqual({ status: "ready" })
    expect((await fetch(`${server.url}/socket.io/socket.io.js`)).status).toBe(200)
    expect((await fetch(`${server.url}/events`, { method: "POST", body: "x".repeat(2_000_000) })).status).toBe(413)
    expect(await server.end("SIGTERM")).toBe(0)
  })
})
