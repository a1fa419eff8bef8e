// npm run bench: every measurement in bench/, one after another, or those that are named, such as `npm run bench -- cursors`.
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { bun, install, root, run } from "./setup.mjs"

install()
const chosen = process.argv.slice(2)
const benches = readdirSync(join(root, "bench"))
  .filter((name) => name.endsWith(".ts") && name !== "sample.ts")
  .filter((name) => chosen.length === 0 || chosen.includes(name.replace(".ts", "")))
let failed = 0
for (const name of benches) {
  console.log(`\n${name}`)
  if (!run(bun, [join("bench", name)])) failed += 1
}
process.exit(failed)
