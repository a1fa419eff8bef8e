// npm run demo: everything from a fresh clone to a served demo page.
import { spawn } from "node:child_process"
import { constants } from "node:os"
import { buildWeb, bun, install, root } from "./setup.mjs"

install()
if (!buildWeb()) process.exit(1)

const demo = spawn(bun, ["src/main.ts", "demo", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" })
demo.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))

// The demo hears of the end once: a second signal would make it give up stopping cleanly.
let told = false
function tell(signal) {
  if (!told) demo.kill(signal)
  told = true
}
process.on("SIGTERM", tell)
process.on("SIGHUP", tell)
process.on("SIGINT", (signal) => {
  if (process.stdin.isTTY) told = true // Ctrl-C goes to everything in the terminal's foreground, so to the demo too
  tell(signal)
})

// Between npm and this script is a shell, which does not hand on the SIGTERM that npm gives it: it just ends.
const parent = process.ppid
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && tell("SIGTERM"), 200)
