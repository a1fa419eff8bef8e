// What is in history is delivered, whoever put it there.
import { expect } from "bun:test"
import { join } from "node:path"
import { testOnAllRuntimes } from "../runtimes.ts"
import { listen, startProcess } from "../server.ts"
import { until } from "../until.ts"

testOnAllRuntimes(
  "a second writer that records in the same file and dies before it publishes leaves no client without the record",
  async (runtime) => {
    await using server = await startProcess(runtime)
    using first = await listen(server, 42)
    using second = await listen(server, 42, { transports: ["polling"] })
    const path = join(server.dataDir, "history.sqlite")
    const child = Bun.spawn(
      [process.execPath, join(import.meta.dir, "../history/recording-process.ts"), path, "after"],
      {
        stdout: "pipe",
      },
    )
    let told = ""
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
      told += part
      if (told.split("\n").length > 20) child.kill("SIGKILL")
    }
    await child.exited
    expect(child.signalCode).toBe("SIGKILL")
    const acknowledged = told.split("\n").slice(0, -1).length
    for (const client of [first, second]) {
      await until(() => client.notifications().length >= acknowledged)
      const ids = client.notifications().map((notification) => notification.알림_고유_아이디)
      expect(new Set(ids).size).toBe(ids.length)
      expect(client.refreshes()).toEqual([])
    }
  },
)
