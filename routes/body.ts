import type { MiddlewareHandler } from "hono"
import { Problem } from "../src/problem.ts"

/** A request's body, which nobody has read yet. */
export type Body = {
  /** Bytes at most: what was announced, or else what the route allows. */
  size: number
  /**
   * All of it, read once and kept. Throws `body_too_large` as soon as more has come than the route allows, `body_incomplete` when whoever
   * sends it hangs up, and what `signal` is aborted with.
   */
  read(signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
}

type BodyEnv = { Variables: { body: Body } }

/** Refuses a body of more than `most` bytes: at once when its length is announced, else when it is read. It is read by `c.var.body` only. */
export function limitBody(most: number): MiddlewareHandler<BodyEnv> {
  return (c, next) => {
    const { raw } = c.req
    const size = announced(raw.headers) ?? most
    if (size > most) throw tooLarge(most)
    let read: Promise<Uint8Array<ArrayBuffer>> | undefined
    c.set("body", { size, read: (signal) => (read ??= readAll(raw, most, signal).catch(refuse)) })
    return next()
  }
}

/** With `Transfer-Encoding` a length means nothing. */
function announced(headers: Headers): number | undefined {
  const length = headers.get("content-length") ?? ""
  return /^\d+$/.test(length) && !headers.has("transfer-encoding") ? Number(length) : undefined
}

/** Without `signal`, whose length was announced is read in one go, which the server itself ends there. */
async function readAll(request: Request, most: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  if (!signal && announced(request.headers) !== undefined) return new Uint8Array(await request.arrayBuffer())
  const reader = request.body?.getReader()
  const stop = () => void reader?.cancel().catch(() => {})
  signal?.addEventListener("abort", stop)
  const parts: Uint8Array[] = []
  try {
    for (let size = 0; reader; ) {
      const { done, value } = await reader.read()
      signal?.throwIfAborted()
      if (done) break
      size += value.byteLength
      if (size > most) throw tooLarge(most)
      parts.push(value)
    }
    return Buffer.concat(parts)
  } catch (error) {
    stop()
    throw error
  } finally {
    signal?.removeEventListener("abort", stop)
  }
}

/** What fails while a body comes is its sender's doing: each runtime has an error of its own for it. */
function refuse(error: unknown): never {
  throw error instanceof Problem ? error : new Problem("body_incomplete", undefined, { cause: error })
}

function tooLarge(most: number): Problem {
  return new Problem("body_too_large", `A body may have ${most} bytes; send several smaller requests.`)
}
