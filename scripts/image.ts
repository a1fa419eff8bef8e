/**
 * Lays out a container image's whole root file system: the executable, the C library it is linked against, a user and
 * their data directory. No shell, no package manager.
 *
 *     bun scripts/image.ts DIRECTORY
 */
import { chown, copyFile, mkdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import { $ } from "bun"

/** The user and group that the program runs as; without a name elsewhere, so that it collides with nobody. */
const user = 65532

const executable = join(dirname(import.meta.dir), "dist/allim")
const [image] = process.argv.slice(2)
if (!image) throw new Error("usage: bun scripts/image.ts DIRECTORY")

await copy(executable, "/allim")
// ldd lists each library with the path it was found at; the kernel's own vdso has none.
for (const [path] of (await $`ldd ${executable}`.text()).matchAll(/\/\S+/g)) await copy(path, path)

await Bun.write(`${image}/etc/passwd`, `allim:x:${user}:${user}::/data:\n`)
await mkdir(`${image}/data`)
await chown(`${image}/data`, user, user)

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(image + to), { recursive: true })
  await copyFile(from, image + to)
}
