// npm test: everything that must hold, on a bare machine too. The last line counts; arguments choose test files, such as
// `npm test -- tests/id.test.ts`, and then format, lint and types are left out.
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bun, fail, install, npm, quiet, root, run } from "./setup.mjs"

const chosen = process.argv.slice(2)
const counts = { passed: 0, failed: 0, skipped: 0 }

install()
installChromium()
installRuntimes()

check("build", process.execPath, ["scripts/build.mjs"]) // first: the types include its dist/web.json
if (chosen.length === 0) {
  check("format and lint", process.execPath, ["node_modules/@biomejs/biome/bin/biome", "ci", "."])
  check("types", process.execPath, ["node_modules/typescript/bin/tsc"])
}
runTests()

if (process.env.CI === "true" && counts.skipped > 0) {
  console.error(`${counts.skipped} skipped, and in CI nothing may be: counted as failed`)
  counts.failed += counts.skipped
  counts.skipped = 0
}
console.log(
  `\n${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`,
)
process.exit(counts.failed > 0 ? 1 : 0)

/** One step that passes or fails as a whole. */
function check(name, command, args) {
  console.log(`\n${name}`)
  count(name, run(command, args))
}

function count(name, passed) {
  if (passed) counts.passed += 1
  else {
    counts.failed += 1
    console.error(`(fail) ${name}`)
  }
}

/** The tests get a temporary directory of their own: to leave a file in it, or a process that has it, is a failure. */
function runTests() {
  console.log("\ntests")
  const scratch = mkdtempSync(join(tmpdir(), "allim-"))
  const temporary = join(scratch, "tmp")
  const report = join(scratch, "report.xml")
  mkdirSync(temporary)
  const options = ["--timeout=30000", "--reporter=junit", `--reporter-outfile=${report}`]
  const passed = run(bun, ["test", ...options, ...chosen], { env: { ...process.env, TMPDIR: temporary } })
  countTests(passed, existsSync(report) ? readFileSync(report, "utf8") : "")

  for (const id of leftRunning(`TMPDIR=${temporary}`)) {
    count(`left running: ${of(id, "cmdline").join(" ")}`, false)
    run("kill", ["-9", id])
  }
  for (const name of readdirSync(temporary)) count(`left in the temporary directory: ${name}`, false)
  rmSync(scratch, { recursive: true, force: true })
}

/** Counts what the report sums up. A test file that is not in it broke before its first test. */
function countTests(passed, report) {
  const sum = (what) => Number((report.match(new RegExp(`<testsuites [^>]*${what}="(\\d+)"`)) || ["", 0])[1])
  counts.passed += sum("tests") - sum("failures") - sum("skipped")
  counts.failed += sum("failures")
  counts.skipped += sum("skipped")

  const all = readdirSync(join(root, "tests"), { recursive: true }).filter((name) => name.endsWith(".test.ts"))
  const missing = chosen.length > 0 ? [] : all.filter((name) => !report.includes(`file="tests/${name}"`))
  for (const name of missing) count(`tests/${name} did not run`, false)
  const explained = sum("failures") + missing.length > 0
  if (!report || (!passed && !explained)) count("bun test did not run to its end", false)
}

/** The processes that have this in their environment and do not go away within two seconds; on Linux only. */
function leftRunning(variable) {
  let found = []
  for (let attempt = 0; attempt < 20; attempt++) {
    found = processesWith(variable)
    if (found.length === 0) break
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  }
  return found
}

function processesWith(variable) {
  if (!existsSync("/proc/self/environ")) return []
  return readdirSync("/proc").filter((id) => /^\d+$/.test(id) && of(id, "environ").includes(variable))
}

/** A process's environment or arguments; none once it has ended. */
function of(id, what) {
  try {
    return readFileSync(`/proc/${id}/${what}`, "utf8").split("\0")
  } catch {
    return []
  }
}

/** The browser that the demo page is tested in, and a font that has Hangul. */
function installChromium() {
  if (spawnSync("chromium", ["--version"]).status === 0) return
  const packages = ["chromium", "fonts-noto-cjk"]
  const asRoot = `apt-get install ${packages.join(" ")}`
  if (spawnSync("apt-get", ["--version"]).status !== 0 || process.getuid() !== 0) {
    fail(`The tests need a browser, called chromium, and a Korean font; on Debian, as root: ${asRoot}.`)
  }
  console.log(`Installing ${packages.join(" and ")}, this once ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  quiet("apt-get", ["update"], { env })
  quiet("apt-get", ["install", "-o", "Acquire::Retries=3", "--yes", "--no-install-recommends", ...packages], { env })
}

/** The other runtimes that the server is tested on, beside the dependencies, so that a demo need not wait for them. */
function installRuntimes() {
  const prefix = join("node_modules", ".cache", "runtimes")
  if (existsSync(join(root, prefix, "node_modules", "deno"))) return
  console.log("Installing Node 22 and Deno, this once ...")
  const packages = [`node-${process.platform}-${process.arch}@22.23.3`, "deno@2.9.6"]
  npm(["install", "--prefix", prefix, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", ...packages])
}
