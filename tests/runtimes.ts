// The runtimes that the server is tested on.
import { describe, test } from "bun:test"
import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { Glob } from "bun"

export type Runtime = {
  name: string
  /** What comes before a program and its arguments. */
  command: readonly string[]
  /** The option that has a file run before the program. */
  preload: string
  /** `npm test` installs the others; a test that is run alone may be without. */
  there: boolean
  /** Of so many runs of a property, how many are worth it here: what another runtime breaks shows in a few. */
  runs(count: number): number
}

const others = join(import.meta.dir, "../node_modules/.cache/runtimes/node_modules")
// Not what npm puts beside it, a script that starts Deno and keeps signals to itself.
const [deno = ""] = existsSync(others) ? [...new Glob("@deno/*/deno").scanSync(others)] : []

const some = (count: number) => Math.ceil(count / 5)

export const runtimes: readonly Runtime[] = [
  { name: "Bun", command: [process.execPath], preload: "--preload", runs: (count: number) => count },
  {
    name: "Node 22",
    command: [join(others, ".bin/node"), "--disable-warning=ExperimentalWarning"],
    preload: "--import",
    runs: some,
  },
  { name: "Deno", command: [join(others, deno), "run", "--allow-all"], preload: "--preload", runs: some },
].map((runtime) => ({ ...runtime, there: isFile(runtime.command[0]) }))

function isFile(path = ""): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** Describes the same on each of them. */
export function describeOnEachRuntime(what: (runtime: Runtime) => void) {
  for (const runtime of runtimes) describe.skipIf(!runtime.there)(titleOf(runtime), () => what(runtime))
}

/** A test that mostly waits, on all of them at the same time. */
export function testOnAllRuntimes(name: string, does: (runtime: Runtime) => Promise<void>) {
  for (const runtime of runtimes)
    test.concurrent.skipIf(!runtime.there)(`${titleOf(runtime)}, ${name}`, () => does(runtime))
}

function titleOf({ name, there }: Runtime): string {
  return there ? `on ${name}` : `on ${name}, which \`npm test\` installs`
}
