import type { Effect, WritableDirectory } from "../directory/directory.ts"
import type { Batch, Kind } from "../directory/lines.ts"
import { openDirectory } from "../drivers.ts"
import { Problem } from "../problem.ts"
import { readDataDir } from "../settings.ts"
import { StartError } from "../start-error.ts"
import { readArguments } from "./arguments.ts"
import { batchesIn } from "./import-file.ts"

/** Writes a file to the embedded directory. A running server may use it meanwhile, and shows what was written within a minute. */
export async function importFile(args: string[]): Promise<number> {
  const [path = ""] = readArguments(args, [], 1, "allim import FILE").positionals
  const batches = batchesIn(path)
  const directory = openDirectory(readDataDir(process.env))
  const effects = await writeAll(batches, directory).finally(directory.close)
  for (const [kind, { sent, changed }] of effects) console.log(`${kind}: ${sent} read, ${changed} changed`)
  return 0
}

/** Each batch is written whole or not at all. What is written twice is as if it were written once, so a file may be imported again. */
async function writeAll(batches: Iterable<Batch>, directory: WritableDirectory) {
  const effects = new Map<Kind, Effect>()
  try {
    for (const batch of batches)
      for (const [kind, { sent, changed }] of await write(batch, directory)) {
        const before = effects.get(kind) ?? { sent: 0, changed: 0 }
        effects.set(kind, { sent: before.sent + sent, changed: before.changed + changed })
      }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new StartError(`${error.message} (${error.cause}): what was written stays; import the file again.`)
  }
  return effects
}

async function write(batch: Batch, directory: WritableDirectory): Promise<[Kind, Effect][]> {
  if ("change" in batch) return Object.entries(await directory.apply(batch.change)) as [Kind, Effect][]
  const { staff, students } = await directory.replaceRoster(batch.course, batch.roster)
  const alters = staff.added + staff.removed + students.added + students.removed > 0
  return [["rosters", { sent: 1, changed: Number(alters) }]]
}
