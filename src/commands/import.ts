import { readFileSync } from "node:fs"
import { readDirectoryChange } from "../directory/change.ts"
import { openDirectory } from "../drivers.ts"
import type { Issue } from "../issues.ts"
import { Problem } from "../problem.ts"
import { readDataDir } from "../settings.ts"
import { StartError } from "../start-error.ts"
import { readArguments } from "./arguments.ts"

/** Applies a JSON file, of the form that `PUT /directory` takes, to the embedded directory; a running server sees it within a minute. */
export async function importFile(args: string[]): Promise<number> {
  const [path = ""] = readArguments(args, [], 1, "allim import FILE").positionals
  const change = readChange(path)
  const directory = openDirectory(readDataDir(process.env))
  await directory.apply(change)
  await directory.close()
  for (const [name, rows] of Object.entries(change)) console.log(`${name}: ${rows.length}`)
  return 0
}

function readChange(path: string) {
  try {
    return readDirectoryChange(JSON.parse(readFileSync(path, "utf8")))
  } catch (error) {
    if (error instanceof Problem) throw new StartError(`${path}: ${error.message}:\n${mistakesOf(error)}`)
    if (error instanceof SyntaxError) throw new StartError(`${path} is not JSON: ${error.message}`)
    throw new StartError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

function mistakesOf({ more }: Problem): string {
  const errors = (more.errors ?? []) as Issue[]
  return errors.map(({ pointer, detail }) => `  - ${pointer}: ${detail}`).join("\n")
}
