import { expect, test } from "bun:test"
import { join } from "node:path"
import { temporaryDirectory } from "./program.ts"

test("processes that open the same new file at once all get it: one was told that it is locked", async () => {
  using directory = temporaryDirectory()
  const opener = join(import.meta.dir, "../src/history/sqlite.ts")
  for (let round = 0; round < 5; round++) {
    const path = join(directory.path, `${round}.sqlite`)
    // They wait for the same moment, so that they really are at it together.
    const program = `
      const { sqliteHistory } = await import(${JSON.stringify(opener)})
      await Bun.sleep(${Date.now() + 500} - Date.now())
      await sqliteHistory({ path: ${JSON.stringify(path)}, fields: [] }).close()`
    const open = () => Bun.spawn([process.execPath, "--eval", program], { stderr: "ignore" }).exited
    expect(await Promise.all([open(), open(), open(), open()])).toEqual([0, 0, 0, 0])
  }
})
