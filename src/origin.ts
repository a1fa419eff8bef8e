/** Whether a browser's page may talk to this server, which it has called `host`. A request without an origin is not a page's. */
export type AllowOrigin = (origin: string | undefined, host: string | null) => boolean

/** Allows the listed origins, and the one that the request itself was sent to, whichever scheme a proxy in front of it speaks. */
export function originAllower(allowed: readonly string[]): AllowOrigin {
  return (origin, host) => {
    if (origin === undefined || allowed.includes(origin)) return true
    return Boolean(host) && URL.parse(origin)?.host === host // "file://" has an empty one
  }
}

/** The headers that clients of ours send by themselves. */
const OWN_HEADERS = "Authorization, Content-Type, Content-Language"

/** Characters of all the names that a page may ask for: monitoring agents come with a dozen of some twenty each. */
const MOST = 2_000

/** One or more names of headers, separated by commas. */
const NAMES = /^[!#$%&'*+.^_`|~0-9a-z-]+( *, *[!#$%&'*+.^_`|~0-9a-z-]+)*$/i

/**
 * What `Access-Control-Allow-Headers` says to a page of an allowed origin: whatever headers it asks for, since its monitoring agent may add
 * some to every request, and none has a meaning here that could do harm. A request for what are no names is answered with our own.
 */
export function headersToAllow(asked: string | undefined | null): string {
  return asked && asked.length <= MOST && NAMES.test(asked) ? asked : OWN_HEADERS
}
