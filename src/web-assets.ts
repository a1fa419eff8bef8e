import web from "../dist/web.json" with { type: "json" }

/** A file that browsers are served: the demo page, the bell, the API's page, the stock socket.io client. */
export type Asset = {
  /** The whole `Content-Type`. */
  type: string
  /** The whole `ETag`, quotes included; it changes whenever the body does. */
  etag: string
  body: string
}

// Typed by hand: inferred, the type would be the three megabytes themselves.
const assets = new Map(Object.entries(web as Record<string, Asset>))

/** Every path there is an asset for, such as `/bell.js`. */
export const assetPaths: readonly string[] = [...assets.keys()]

/** The asset served at a path, if there is one. */
export function asset(path: string): Asset | undefined {
  return assets.get(path)
}
