import { DataDirInUse } from "../data-dir.ts"
import { openDrivers } from "../drivers.ts"
import { openAll } from "../opened.ts"
import { readSettings } from "../settings.ts"
import { readArguments } from "./arguments.ts"

/** What a server makes of it. */
const DEGRADED = " (allim serves without it, degraded)"

/** Says in plain words whether the settings and every connection are right; wrong settings are listed by whoever catches their error. */
export async function check(args: string[]): Promise<number> {
  readArguments(args, [], 0, "allim check")
  const settings = readSettings(process.env)
  const { sources, tokens, dataDir, fields } = settings
  console.log(`settings   ok: ${sources.length} source(s), ${"jwksUrl" in tokens.keys ? "a key set" : "HS256 secrets"}`)
  const passed = await openAll(async (opened) => {
    const { upkeep, bus, directory } = await openDrivers(settings, { opened, report: () => {} })
    const passed = [
      await passes("history", upkeep, `embedded, in ${dataDir}, ${fields.length} fields indexed`),
      await passes("bus", bus, "embedded, in this process", DEGRADED),
      await passes("directory", directory, `embedded, in ${dataDir}`, DEGRADED),
    ]
    await opened.close()
    return passed
  }).catch(unlessServing)
  if (passed) return passed.every(Boolean) ? 0 : 1
  console.log(`data       in use: a running allim has ${dataDir}; allim health asks it`)
  return 0
}

type Driver = { ping(): Promise<void> }

async function passes(name: string, driver: Driver, what: string, without = ""): Promise<boolean> {
  const failure: unknown = await driver.ping().catch((error) => error)
  console.log(`${name.padEnd(10)} ${failure ? `failed: ${failure}${without}` : `ok: ${what}`}`)
  return !failure
}

/** Beside a running server there is nothing to open: it has opened everything. */
function unlessServing(error: unknown): undefined {
  if (!(error instanceof DataDirInUse)) throw error
}
