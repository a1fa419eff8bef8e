/** Whether a browser's page may talk to this server, which it has called `host`. A request without an origin is not a page's. */
export type AllowOrigin = (origin: string | undefined, host: string | null) => boolean

/** Allows the listed origins, and the one that the request itself was sent to, whichever scheme a proxy in front of it speaks. */
export function originAllower(allowed: readonly string[]): AllowOrigin {
  return (origin, host) => {
    if (origin === undefined || allowed.includes(origin)) return true
    return URL.parse(origin)?.host === host
  }
}
