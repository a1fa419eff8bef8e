// What threads do on each runtime, and in an executable, whose sources are elsewhere.
import { expect, test } from "bun:test"
import { mkdirSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { temporaryDirectory } from "../program.ts"
import { testOnAllRuntimes } from "../runtimes.ts"

const root = join(import.meta.dir, "../..")
const unavailable = { code: "unavailable" }
const uncloned = { message: expect.stringContaining("clone") }

const found = {
  inOrder: true,
  between: 3,
  problem: { code: "cursor_invalid", message: "Begin again." },
  sqlite: { code: "ERR_SQLITE_ERROR", errcode: 517, message: "database is locked" },
  argument: uncloned,
  answer: uncloned,
  startsAgain: { codes: ["unavailable", "unavailable", "unavailable"], anew: true },
  reported: ["Its exit code is 3", "uncaught", "unhandled"],
  closes: { answer: 0, times: 1, after: unavailable },
  closesIdle: 1,
  cannotOpen: { message: "The file is of a later version." },
  endsByForce: { closing: { message: expect.stringContaining("by force") }, forever: unavailable },
  mainEntry: { message: 'There is no task "unknown"' },
  idle: "left open",
}

/** Runs it to its end, in an environment that holds nothing. */
async function run(command: readonly string[], cwd = root) {
  await using child = Bun.spawn([...command], { cwd, env: {}, stdout: "pipe", stderr: "pipe" })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new Error(`It ended with ${code}:\n${out}${err}`)
  return JSON.parse(out)
}

testOnAllRuntimes("a program with threads", async ({ command }) => {
  expect(await run([...command, "tests/threads/program.ts"])).toMatchObject(found)
})

test.concurrent("compiled, a program with threads needs no other file, and leaves none", async () => {
  using directory = temporaryDirectory()
  const [executable, empty] = [join(directory.path, "program"), join(directory.path, "empty")]
  const entries = ["tests/threads/program.ts", "tests/threads/entry.ts"]
  const build = Bun.spawnSync(["node", "scripts/build.mjs", executable, ...entries], { cwd: root })
  if (!build.success) throw new Error(`${build.stdout}${build.stderr}`)
  mkdirSync(empty)
  expect(await run([executable, "./tests/threads/entry.js"], empty)).toMatchObject(found)
  expect(readdirSync(empty)).toEqual([])
})
