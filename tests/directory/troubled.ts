import type { Directory } from "../../src/directory/directory.ts"
import { sampleSchool } from "../../src/directory/sample-school.ts"
import { sqliteDirectory } from "../../src/directory/sqlite.ts"

export type Trouble = { queries: string[]; gate: Promise<void>; failure?: Error }

/** A real directory that counts its queries and can be held up or broken on its way. */
export async function troubledDirectory() {
  const directory = sqliteDirectory({ path: ":memory:" })
  await directory.apply(sampleSchool)
  const trouble: Trouble = { queries: [], gate: Promise.resolve() }
  const find: Directory["find"] = async (noun, ids) => {
    trouble.queries.push(`${noun} ${ids}`)
    await trouble.gate
    if (trouble.failure) throw trouble.failure
    return directory.find(noun, ids)
  }
  return { trouble, directory: { ...directory, find } }
}
