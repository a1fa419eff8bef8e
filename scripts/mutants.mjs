// npm run test:mutants: breaks the program on purpose, one rule at a time, and sees to it that a test notices. Each patch in tests/mutants/
// names in its first line the test file that must fail with it. One that survives, does not apply any more or does not compile is a failure;
// so is a test file that fails without any patch. Arguments choose patches by name: `npm run test:mutants -- settle`.
import { spawn, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { bun, install, root } from "./setup.mjs"

const chosen = process.argv.slice(2)
const counts = { passed: 0, failed: 0 }

install()
const scratch = copyOfTheTree()
try {
  const patches = readPatches()
  if (patches.length === 0) count(`no patch is called ${chosen.join(" or ")}`, false)
  count("the program compiles as it is", compiles())
  const patience = await patienceWith(new Set(patches.map(({ kills }) => kills).filter(Boolean)))
  const senseless = doNotCompile(patches.filter(({ apart }) => !apart))
  for (const patch of patches) {
    const { killed, how } = await judge(patch, { patience, senseless })
    count(`${patch.name}: ${patch.says}`, killed, how)
  }
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
  mkdirSync(join(directory, "tmp"))
  return directory
}

function readPatches() {
  return readdirSync(join(root, "tests", "mutants"))
    .filter((file) => file.endsWith(".patch"))
    .map((file) => {
      const path = join(root, "tests", "mutants", file)
      const text = readFileSync(path, "utf8")
      const [, kills = "", says = ""] = /^Killed by (\S+): (.+)/.exec(text) ?? []
      const apart = /^(---|\+\+\+) [ab]\/(tests|scripts)\//m.test(text)
      return { name: file.replace(".patch", ""), path, kills, says, apart }
    })
    .filter(({ name }) => chosen.length === 0 || chosen.some((part) => name.includes(part)))
}

/** For how long, in milliseconds, each test file that passes as it is may take when something is broken. */
async function patienceWith(files) {
  const patience = new Map()
  for (const file of files) {
    const begun = performance.now()
    const passes = existsSync(join(scratch, file)) && (await test(file, 300_000)).status === 0
    count(`${file} passes as it is`, passes)
    if (passes) patience.set(file, 30_000 + 5 * (performance.now() - begun))
  }
  return patience
}

/** The patches with which the types are wrong: a test that stumbles over a slip of the pen proves nothing. Looked at many at a time. */
function doNotCompile(patches) {
  const wrong = new Set()
  for (let left = patches; left.length > 0; ) {
    const together = left.filter(apply)
    const sound = together.length === 0 || compiles()
    for (const patch of together.toReversed()) takeBack(patch)
    if (!sound && together.length === 1) wrong.add(together[0])
    else if (!sound) for (const patch of together) for (const each of doNotCompile([patch])) wrong.add(each)
    // One that does not apply to the tree as it is never will.
    left = together.length === 0 ? [] : left.filter((patch) => !together.includes(patch))
  }
  return wrong
}

function compiles() {
  return spawnSync(process.execPath, ["node_modules/typescript/bin/tsc"], { cwd: scratch }).status === 0
}

async function judge(patch, { patience, senseless }) {
  const survives = (how) => ({ killed: false, how })
  const { kills, apart } = patch
  if (!kills) return survives('it does not begin with "Killed by <test file>: <what it breaks>"')
  if (apart) return survives("it breaks what tests, not what is tested")
  if (!patience.has(kills)) return survives(`${kills} does not pass without it`)
  if (senseless.has(patch)) return survives("with it the program does not compile")
  if (!apply(patch)) return survives("it does not apply: bring it up to date with the code that it breaks")
  const { status, late, output } = await test(kills, patience.get(kills))
  takeBack(patch)
  if (late) return { killed: true, how: `${kills} does not come to an end` }
  if (status === 0) return survives(`nothing in ${kills} notices that this rule is broken`)
  // To break the file itself, and not a promise, proves nothing.
  const [, failed] = /^\(fail\) (.+?)(?: \[[\d.]+m?s\])?$/m.exec(output) ?? []
  if (!failed) return survives(`it breaks ${kills} before its first test:\n${output}`)
  return { killed: true, how: `${kills}: ${failed}` }
}

function apply({ path }) {
  return spawnSync("git", ["apply", "--whitespace=nowarn", path], { cwd: scratch }).status === 0
}

function takeBack({ name, path }) {
  const { status, stderr } = spawnSync("git", ["apply", "--whitespace=nowarn", "--reverse", path], { cwd: scratch })
  if (status !== 0) throw new Error(`${name} cannot be taken back: ${stderr}`)
}

/** Runs a test file, in a group of processes of its own: one that does not come to an end is ended with all that it has started. */
function test(file, patience) {
  const env = { ...process.env, TMPDIR: join(scratch, "tmp") }
  const child = spawn(bun, ["test", "--timeout=60000", "--bail", file], { cwd: scratch, env, detached: true })
  let output = ""
  let late = false
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += part))
  const timer = setTimeout(() => {
    late = true
    process.kill(-child.pid, "SIGKILL")
  }, patience)
  return new Promise((resolve) => {
    child.on("close", (status) => {
      clearTimeout(timer)
      resolve({ status, late, output })
    })
  })
}

function count(what, passed, how = "") {
  counts[passed ? "passed" : "failed"] += 1
  console.log(`${passed ? "(pass)" : "(fail)"} ${what}${how && ` <- ${how}`}`)
}
