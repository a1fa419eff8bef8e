/**
 * Bundles everything a browser is served into one generated file, dist/web.json: `{ path: { type, etag, body } }`.
 * One JSON file, because an import of it works the same from source and inside the compiled executable.
 */
import { createHash } from "node:crypto"
import { rename } from "node:fs/promises"
import { dirname } from "node:path"
import socketIo from "socket.io/package.json" with { type: "json" }
import type { Asset } from "../src/web-assets.ts"

const root = dirname(import.meta.dir)
const html = "text/html; charset=utf-8"
const css = "text/css; charset=utf-8"
const javascript = "text/javascript; charset=utf-8"

const assets: Record<string, Asset> = {
  "/": await file("web/demo/index.html", html),
  "/demo.js": await bundle("web/demo/demo.ts", javascript),
  "/demo.css": await bundle("web/demo/demo.css", css),
  "/bell.js": await bundle("web/bell/index.ts", javascript),
  "/favicon.svg": await file("web/favicon.svg", "image/svg+xml"),
  "/docs": await file("web/docs/index.html", html),
  "/docs/docs.js": await bundle("web/docs/docs.ts", javascript),
  "/docs/swagger-ui-bundle.js": await file("node_modules/swagger-ui-dist/swagger-ui-bundle.js", javascript),
  "/docs/swagger-ui.css": await file("node_modules/swagger-ui-dist/swagger-ui.css", css),
}

// The stock client under the names, with the types and the entity tag that a socket.io server of this version gives it.
for (const name of ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js"]) {
  for (const [path, type] of [
    [name, "application/javascript; charset=utf-8"],
    [`${name}.map`, "application/json; charset=utf-8"],
  ] as const) {
    const { body } = await file(`node_modules/socket.io/client-dist/${path}`, type)
    assets[`/socket.io/${path}`] = { type, etag: `"${socketIo.version}"`, body }
  }
}

// Renamed into place: a server that starts meanwhile reads the old file or the new one, never half of it.
const unfinished = `${root}/dist/web.json.${process.pid}`
await Bun.write(unfinished, JSON.stringify(assets))
await rename(unfinished, `${root}/dist/web.json`)

function asset(type: string, body: string): Asset {
  return { type, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`, body }
}

async function file(path: string, type: string): Promise<Asset> {
  return asset(type, await Bun.file(`${root}/${path}`).text())
}

/**
 * Scripts become one function call (iife), so a page may load them with `<script src>` as well as `type="module"`.
 * `target: "browser"` makes Bun resolve `socket.io-client` to its browser transports; `NODE_ENV` chooses lit's production build.
 */
async function bundle(path: string, type: string): Promise<Asset> {
  const { outputs } = await Bun.build({
    entrypoints: [`${root}/${path}`],
    target: "browser",
    define: { "process.env.NODE_ENV": '"production"' },
    format: "iife",
    minify: true,
  })
  const [output] = outputs
  if (!output) throw new Error(`${path} came out empty`)
  return asset(type, await output.text())
}
