// npm run test:mutants: breaks the program on purpose, one rule at a time, and sees to it that a test notices. Each patch in tests/mutants/
// names in its first line the test file that must fail with it. One that survives, or does not apply any more, is a failure; so is a test
// file that fails without any patch. Arguments choose patches by name: `npm run test:mutants -- settle`.
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { bun, install, root } from "./setup.mjs"

/** A test file that a patch keeps from ending has noticed, too: five minutes, in milliseconds. */
const PATIENCE = 300_000

const chosen = process.argv.slice(2)
const counts = { passed: 0, failed: 0 }

install()
const scratch = copyOfTheTree()
try {
  const patches = readPatches()
  const files = new Set(patches.map(({ kills }) => kills))
  for (const file of files) count(`${file} passes as it is`, test(file).status === 0)
  for (const patch of patches) count(`${patch.name}: ${patch.says}`, isKilled(patch), `by ${patch.kills}`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`)
process.exit(counts.failed > 0 ? 1 : 0)

/** What git tracks or would track, so that nothing here is touched, whenever this is interrupted. */
function copyOfTheTree() {
  const directory = mkdtempSync(join(tmpdir(), "allim-mutants-"))
  const { stdout } = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root })
  for (const path of String(stdout)
    .split("\0")
    .filter((path) => path && existsSync(join(root, path)))) {
    mkdirSync(join(directory, dirname(path)), { recursive: true })
    cpSync(join(root, path), join(directory, path))
  }
  for (const shared of ["node_modules", "dist"]) symlinkSync(join(root, shared), join(directory, shared))
  return directory
}

function readPatches() {
  return readdirSync(join(root, "tests", "mutants"))
    .filter((file) => file.endsWith(".patch"))
    .map((file) => {
      const text = readFileSync(join(root, "tests", "mutants", file), "utf8")
      const [, kills = "", says = ""] = /^Killed by (\S+): (.+)/.exec(text) ?? []
      return { name: file.replace(".patch", ""), path: join(root, "tests", "mutants", file), kills, says }
    })
    .filter(({ name }) => chosen.length === 0 || chosen.some((part) => name.includes(part)))
}

function isKilled({ name, path, kills }) {
  if (!kills) return complain(`${name} does not begin with "Killed by <test file>: <what it breaks>".`)
  if (!apply(path)) return complain(`${name} does not apply: bring it up to date with the code that it breaks.`)
  const { status, output } = test(kills)
  if (!apply(path, "--reverse")) throw new Error(`${name} cannot be taken back`)
  if (status === 0) return complain(`${name} survives ${kills}: nothing notices that this rule is broken.`)
  // To break the file itself, and not a promise, proves nothing.
  return /^\(fail\) |timed out/m.test(output) || complain(`${name} breaks ${kills} before its first test:\n${output}`)
}

function apply(path, ...more) {
  const { status, stderr } = spawnSync("git", ["apply", "--whitespace=nowarn", ...more, path], { cwd: scratch })
  if (status !== 0) console.error(String(stderr))
  return status === 0
}

function test(file) {
  const arguments_ = ["test", "--timeout=60000", "--bail", file]
  const { status, signal, stdout, stderr } = spawnSync(bun, arguments_, { cwd: scratch, timeout: PATIENCE })
  return { status, output: `${stdout}${stderr}${signal ? "timed out" : ""}` }
}

function complain(sentence) {
  console.error(sentence)
  return false
}

function count(what, passed, how = "") {
  counts[passed ? "passed" : "failed"] += 1
  console.log(`${passed ? "(pass)" : "(fail)"} ${what} ${how}`.trimEnd())
}
