import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export const MAIN = join(import.meta.dir, "../src/main.ts")

/** The program as somebody runs it, from source. */
const PROGRAM = [process.execPath, MAIN]

export const SETTINGS = {
  PORT: "0",
  HOST: "127.0.0.1",
  EDUCATOR_TOKEN_SECRET: "a-secret-of-thirty-two-characters",
  SOURCES: "university:the-secret-of-the-university",
}

type Environment = Record<string, string>

/** Runs a command to its end, in an environment that holds nothing else. */
export async function run(args: string[], environment: Environment = {}, cwd?: string) {
  const child = Bun.spawn([...PROGRAM, ...args], { env: environment, cwd, stdout: "pipe", stderr: "pipe" })
  const [out, err, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), child.exited])
  return { out, err, code }
}

const textOf = (stream: ReadableStream) => new Response(stream).text()

/** Starts the server in a process of its own, on another runtime if one is named; resolves when it listens. */
export async function serve(environment: Environment, runtime: readonly string[] = [process.execPath]) {
  const started = await startProgram([...runtime, MAIN, "serve"], { ...SETTINGS, ...environment }, /"url":"([^"]+)"/)
  return { ...started, url: started.found }
}

/** Starts a program, in an environment that holds nothing else; resolves when it has said what `awaited` finds. */
export async function startProgram(command: readonly string[], environment: Environment, awaited: RegExp) {
  const child = Bun.spawn([...command], {
    env: { TMPDIR: tmpdir(), ...environment },
    stdout: "pipe",
    stderr: "inherit",
  })
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
  let log = ""
  const found = await (async () => {
    for (;;) {
      const { value, done } = await lines.read()
      if (done) throw new Error(`It ended before it listened: ${log}`)
      log += value
      const [, found] = awaited.exec(log) ?? []
      if (found) return found
    }
  })()
  const drained = (async () => {
    for (let read = await lines.read(); !read.done; read = await lines.read()) log += read.value
  })()
  return {
    found,
    child,
    log: () => log,
    async end(signal: NodeJS.Signals) {
      child.kill(signal)
      const code = await child.exited
      await drained
      return code
    },
    /** For a test that failed before it could end it. */
    [Symbol.dispose]: () => child.kill("SIGKILL"),
  }
}

/** A directory that is gone after the test. */
export function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), "allim-"))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
