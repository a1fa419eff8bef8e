import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs"
import { readDirectoryChange } from "../directory/change.ts"
import { type Batch, batchesOf, isByLines, type Read, readRows } from "../directory/lines.ts"
import type { Issue } from "../issues.ts"
import { Problem } from "../problem.ts"
import { StartError } from "../start-error.ts"

/** Mistakes of a file that are told at once. */
const MENTIONED = 20

/** Bytes that are read at once. */
const CHUNK = 256 * 1024

/**
 * What is to be written of a file: one JSON document of the form that `PUT /directory` takes, or rows by lines. Throws a `StartError` that
 * says what is wrong with it: to that end lines are read twice, the second time as the batches are asked for.
 */
export function batchesIn(path: string): Iterable<Batch> {
  try {
    if (!statSync(path).isFile() || !isByLines(chunksOf(path)))
      return [{ change: readDirectoryChange(JSON.parse(readFileSync(path, "utf8"))) }]
    refuseMistakes(path, readRows(chunksOf(path)))
    return batchesOf(sound(path, readRows(chunksOf(path))))
  } catch (error) {
    if (error instanceof StartError) throw error
    if (error instanceof Problem) throw new StartError(`${path}: ${error.message}:\n${mistakesOf(error)}`)
    if (error instanceof SyntaxError) throw new StartError(`${path} is not JSON: ${error.message}`)
    throw new StartError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

function refuseMistakes(path: string, rows: Iterable<Read>) {
  const mistakes: string[] = []
  for (const read of rows) {
    if ("mistakes" in read) mistakes.push(...read.mistakes.map((mistake) => `  - line ${read.number}: ${mistake}`))
    if (mistakes.length >= MENTIONED) break
  }
  if (mistakes.length > 0)
    throw new StartError(
      `${path} is not acceptable, and nothing of it is imported:\n${mistakes.slice(0, MENTIONED).join("\n")}`,
    )
}

function* sound(path: string, rows: Iterable<Read>) {
  for (const read of rows) {
    if ("mistakes" in read)
      throw new StartError(`${path} was changed while it was imported: what was written stays; import it again.`)
    yield read
  }
}

/** The same memory each time. */
function* chunksOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, "r")
  try {
    const buffer = new Uint8Array(CHUNK)
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) yield buffer.subarray(0, size)
  } finally {
    closeSync(file)
  }
}

function mistakesOf({ more }: Problem): string {
  const errors = (more.errors ?? []) as Issue[]
  return errors.map(({ pointer, detail }) => `  - ${pointer}: ${detail}`).join("\n")
}
