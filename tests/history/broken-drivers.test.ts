import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { temporaryDirectory } from "../program.ts"

/** Each way to be broken, and what the suite that finds it says when it fails. */
const ways: [way: string, found: string, only?: string][] = [
  ["forgets a row", "what came after a position"],
  ["doubles a row", "what came after a position"],
  ["reorders", "what came after a position"],
  ["reads an earlier moment", "what came after a position"],
  ["answers after its deadline", "in time", "in time"],
  ["has a mark that is too high", "every notification once", "every notification once"],
  ["has a newest that falls by a delete", "marks and what is known", "marks and what is known"],
  ["says recorded and has not", "what came after a position"],
]

/** Two at a time, as there may be no more processors. */
const lanes = [Promise.resolve(), Promise.resolve()]
let started = 0

/** Runs the suite over a driver that is broken in this way, up to its first failure; answers its exit code and what it wrote. */
function suite(broken: string, only?: string) {
  const lane = started++ % lanes.length
  const run = async () => {
    const file = join(import.meta.dir, "broken-driver.ts")
    // A run that ends at its first failure clears nothing away.
    using scratch = temporaryDirectory()
    const args = ["test", "--bail", "--timeout=30000", ...(only ? ["-t", only] : []), file]
    const child = Bun.spawn([process.execPath, ...args], {
      env: { ...process.env, BROKEN: broken, TMPDIR: scratch.path },
      stdout: "ignore",
      stderr: "pipe",
    })
    const [code, said] = await Promise.all([child.exited, new Response(child.stderr).text()])
    return { code, said }
  }
  const result = (lanes[lane] as Promise<void>).then(run)
  lanes[lane] = result.then(() => {})
  return result
}

describe("the suite of catching up", () => {
  const control = suite("none")
  const runs = ways.map(([way, found, only]) => [way, found, suite(way, only)] as const)

  test("passes over the driver as it is", async () => {
    const { code, said } = await control
    expect(said).toContain(" 0 fail")
    expect(code).toBe(0)
  })

  test.each(runs)("fails over one that %s", async (_, found, run) => {
    const { code, said } = await run
    expect(said).toMatch(new RegExp(`^\\(fail\\).*${found}`, "m"))
    expect(code).toBe(1)
  })
})
