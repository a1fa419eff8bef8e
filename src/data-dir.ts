import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { StartError } from "./start-error.ts"

/** Another process serves from the directory. */
export class DataDirInUse extends StartError {}

/**
 * Makes the directory of the embedded drivers and keeps other servers out of it: two would each miss what the other publishes.
 * The claim is a lock of the operating system's, so it ends with this process however that ends. Answers a function that gives it up.
 */
export function claimDataDir(path: string): () => void {
  let lock: DatabaseSync | undefined
  try {
    mkdirSync(path, { recursive: true })
    lock = new DatabaseSync(join(path, "allim.lock"))
    lock.exec("BEGIN EXCLUSIVE")
  } catch (error) {
    lock?.close()
    if (/locked/i.test(String(error)))
      throw new DataDirInUse(`Another allim is using ${path}: stop it, or give this one a DATA_DIR of its own.`)
    throw new StartError(
      `DATA_DIR ${path} cannot be written to (${reason(error)}): give this user permission, or set another one.`,
    )
  }
  const held = lock
  return () => held.close()
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
