import { Hono } from "hono"
import { compress } from "hono/compress"
import { etag, RETAINED_304_HEADERS } from "hono/etag"
import { type Asset, asset, assetPaths } from "../src/web-assets.ts"
import type { RequestEnv } from "./request-log.ts"

/**
 * Pages load nothing from elsewhere, and no script of theirs stands in the page itself. Styles may, since the bell and the API's page
 * build theirs at run time.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** What the binary carries for browsers: the bell, the stock socket.io client, the API's page; with `demo` its page at `/` as well. */
export function pageRoutes({ demo }: { demo: boolean }) {
  const app = new Hono<RequestEnv>()
  const unchanged = etag({ retainedHeaders: [...RETAINED_304_HEADERS, "access-control-allow-origin"] })
  for (const path of assetPaths) {
    if (!demo && (path === "/" || path.startsWith("/demo"))) continue
    const file = asset(path)
    if (file) app.get(path, unchanged, compress(), () => answer(file))
  }
  return app
}

/** Scripts are for other origins' pages too. `no-cache` lets a browser keep them, and ask each time whether they are still the same. */
function answer({ type, body, etag }: Asset): Response {
  const headers = new Headers({
    "Content-Type": type,
    "Cache-Control": "no-cache",
    ETag: etag,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
  })
  if (type.startsWith("text/html")) headers.set("Content-Security-Policy", POLICY)
  return new Response(body, { headers })
}
