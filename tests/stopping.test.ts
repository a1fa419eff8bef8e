// A stop in which parts fail to close: the others are closed all the same, and the exit code tells.
import { afterEach, expect, spyOn, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { EngineServer } from "../realtime/engine-server.ts"
import { createLog } from "../src/log.ts"
import { start } from "../src/server.ts"
import { readSettings } from "../src/settings.ts"
import { SETTINGS, serve, temporaryDirectory } from "./program.ts"

const mended: (() => void)[] = []
afterEach(() => {
  for (const mend of mended.splice(0)) mend()
})

/** From now on, what listens cannot be closed. */
function breakListening(close: () => Promise<void>) {
  const { serve } = Bun
  const broken = spyOn(Bun, "serve").mockImplementation(((options: Bun.Serve.Options<unknown>) => {
    const server = serve(options)
    const { stop } = server
    server.stop = (force) => (force ? stop.call(server, true) : close())
    return server
  }) as typeof Bun.serve)
  mended.push(() => broken.mockRestore())
}

function breakSockets(close: () => void) {
  const broken = spyOn(EngineServer.prototype, "close").mockImplementation(close)
  mended.push(() => broken.mockRestore())
}

const fail = () => {
  throw new Error("broken")
}

const ways: [string, () => void][] = [
  ["listening cannot be closed", () => breakListening(() => Promise.reject(new Error("broken")))],
  ["listening throws when it is closed", () => breakListening(fail)],
  ["sockets cannot be closed", () => breakSockets(fail)],
]

test.each(ways)("%s: the stop is told to have failed, and another server can have the directory", async (_, spoil) => {
  using directory = temporaryDirectory()
  const settings = readSettings({ ...SETTINGS, DATA_DIR: directory.path })
  const log = createLog("silent")
  const errors = spyOn(log, "error")
  spoil()
  const running = await start(settings, { log })
  // Caught by hand: `rejects` waits in a loop of its own, in which messages of threads are late.
  const failure = await running.stop().catch((error) => error)
  expect(failure.message).toBe("Not everything could be closed")
  expect(errors.mock.calls.map(([line]) => line)).toMatchObject([
    { stage: "stop", err: { cause: new Error("broken") } },
  ])
  expect(await fetch(running.url).catch(() => "refused")).toBe("refused")
  for (const mend of mended.splice(0)) mend()
  await (await start(settings, { log })).stop()
})

test.each([
  ["throws", `throw new Error("broken")`, 1],
  ["never ends", "return new Promise(() => {})", 1],
  ["closes", "return true", 0],
])(
  "a process of which one part %s exits with the right code, in time, with everything else closed",
  async (_, close, code) => {
    using directory = temporaryDirectory()
    const preload = join(directory.path, "spoil.ts")
    const gateway = join(import.meta.dir, "../realtime/delivery.ts")
    writeFileSync(
      preload,
      `import { mock } from "bun:test"
    const real = { ...(await import(${JSON.stringify(gateway)})) }
    mock.module(${JSON.stringify(gateway)}, () => ({
      ...real,
      openDelivery: (needs) => {
        const delivery = real.openDelivery(needs)
        const { close } = delivery
        delivery.close = () => { close(); ${close} }
        return delivery
      },
    }))`,
    )
    const server = await serve({ DATA_DIR: directory.path }, [process.execPath, "--preload", preload])
    const begun = performance.now()
    expect(await server.end("SIGTERM")).toBe(code)
    expect(performance.now() - begun).toBeLessThan(10_000) // STOP_TIMEOUT
    if (code === 1)
      expect(server.log()).toMatch(/"stage":"stop".*delivery (could not be closed|did not close within 2000 ms)/)
    expect(server.log()).toContain(code === 0 ? '"msg":"stopped"' : "stopped before everything was closed")
    const next = await serve({ DATA_DIR: directory.path })
    expect(await next.end("SIGTERM")).toBe(0)
  },
)
