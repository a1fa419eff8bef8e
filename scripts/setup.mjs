// What demo, build and test have in common: a Node that is new enough, the dependencies, the web assets.
//
// The scripts run on plain Node, before anything is installed. They keep to what Node 14 can load, so that an old Node
// gets the sentence below instead of a stack trace.
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The directory of the project. */
export const root = fileURLToPath(new URL("..", import.meta.url))

/** Bun itself. npm's package calls it `bun.exe` on every system. */
export const bun = join(root, "node_modules", "bun", "bin", "bun.exe")

const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const required = Number(engines.node.replace(/\D/g, ""))
if (Number.parseInt(process.versions.node, 10) < required) {
  fail(`Allim needs Node ${required} or newer, and this is ${process.version}: get one from https://nodejs.org.`)
}

/** Ends the script with one sentence. */
export function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

/** Runs a command in the project's directory with its output shown; tells whether it succeeded. */
export function run(command, args, options) {
  return spawnSync(command, args, { cwd: root, stdio: "inherit", ...options }).status === 0
}

/**
 * Installs the dependencies exactly as locked, unless that was done already: a stamp in node_modules remembers for
 * which lock file and system. No dependency's install script runs but Bun's, which puts its executable in place
 * without the network.
 */
export function install() {
  const stamp = join(root, "node_modules", ".allim-installed")
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .update(`${process.platform} ${process.arch}`)
    .digest("hex")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return

  writable("node_modules")
  console.log("Installing dependencies, this once ...")
  npm(["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
  quiet(process.execPath, [join("node_modules", "bun", "install.js")])
  writeFileSync(stamp, wanted)
}

/** Bundles `web/` into dist/web.json; tells whether that succeeded. It takes a tenth of a second, so it is always done. */
export function buildWeb() {
  writable("dist")
  return run(bun, [join("scripts", "build-web.ts")])
}

/** Makes sure that a directory of the project can be written to, and creates it if need be. */
function writable(directory) {
  const path = join(root, directory)
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK)
  } catch (error) {
    fail(`Cannot write to ${path} (${error.code}): give this user permission, or clone into a directory of its own.`)
  }
}

/** Runs the npm that started this script, or else the one on the PATH. */
export function npm(args) {
  const cli = process.env.npm_execpath
  if (cli) quiet(process.execPath, [cli, ...args])
  else quiet("npm", args, { shell: process.platform === "win32" })
}

/** Runs a step of the set-up without showing its output, unless it fails. */
export function quiet(command, args, options) {
  const { error, status, stderr, stdout } = spawnSync(command, args, { cwd: root, encoding: "utf8", ...options })
  if (status === 0) return
  console.error(error?.message ?? `${stdout}${stderr}`)
  fail(`Setting up failed at «${[command, ...args].join(" ")}»: its own words are above.`)
}
