import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { Glob } from "bun"

const others = join(import.meta.dir, "../node_modules/.cache/runtimes/node_modules")
// Not what npm puts beside it, a script that starts Deno and keeps signals to itself.
const [deno = ""] = existsSync(others) ? [...new Glob("@deno/*/deno").scanSync(others)] : []

/** How each runtime is started, and whether it is there: `npm test` installs them, a test that is run alone may be without. */
export const runtimes = [
  ["Bun", [process.execPath]],
  ["Node 22", [join(others, ".bin/node"), "--disable-warning=ExperimentalWarning"]],
  ["Deno", [join(others, deno), "run", "--allow-all"]],
].map(([name, command]) => [name, command, isThere(command as string[])] as [string, string[], boolean])

function isThere([path = ""]: string[]): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
