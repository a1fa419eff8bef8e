/** Whether a browser's page may talk to this server. A request without an origin is not a page's. */
export type AllowOrigin = (origin: string | undefined, request: Request) => boolean

/** Allows the listed origins, and the one that the request itself was sent to, whichever scheme a proxy in front of it speaks. */
export function originAllower(allowed: readonly string[]): AllowOrigin {
  return (origin, request) => {
    if (origin === undefined || allowed.includes(origin)) return true
    return URL.parse(origin)?.host === request.headers.get("host")
  }
}
