import { BasePolling, Parser } from "./engine-inside.ts"

const SEPARATOR = "\x1e"

/** Long polling: the engine's own, held to the protocol in what a client posts. */
export class LongPolling extends BasePolling {
  private posting = false

  /**
   * Two requests at once were both read, in whichever order; the limit counted characters, of a body already read whole; all its packets
   * were parsed before the first was looked at; rubbish was answered "ok"; and what arrived after the session had moved to a websocket, or ended, was dropped and answered "ok" too.
   */
  override async onDataRequest(request: Request, headers: Headers): Promise<Response> {
    if (this.posting) return this.fail(400, "data request overlap", headers)
    this.posting = true
    const body = await readText(request, this.opts.maxHttpBufferSize)
    this.posting = false
    if (body === "too large") return this.fail(413, body, headers)
    if (body === "aborted" || this.readyState !== "open") return this.fail(400, "data request aborted", headers)

    for (const text of packetsOf(body.text)) {
      if (this.readyState !== "open") return new Response(null, { status: 400, headers })
      const packet = Parser.decodePacket(text)
      this.onPacket(packet)
      if (packet.type === "error") return new Response(null, { status: 400, headers })
      if (packet.type === "close") break
    }
    headers.set("content-type", "text/html") // as every server answers: some browsers offered text/plain for download
    return new Response("ok", { headers })
  }

  private fail(status: number, message: string, headers: Headers): Response {
    this.onError(message)
    return new Response(null, { status, headers })
  }
}

/** One by one: a body may hold half a million, and its session be closed at the first. */
function* packetsOf(payload: string): Generator<string> {
  for (let start = 0; ; ) {
    const end = payload.indexOf(SEPARATOR, start)
    yield payload.slice(start, end === -1 ? undefined : end)
    if (end === -1) return
    start = end + 1
  }
}

/** The body as text, unless it is longer than `limit` bytes or its sender goes away. */
async function readText(request: Request, limit: number): Promise<{ text: string } | "too large" | "aborted"> {
  if (Number(request.headers.get("content-length")) > limit) return "too large"
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength
      if (size > limit) return "too large"
      chunks.push(chunk)
    }
  } catch {
    return "aborted"
  }
  return { text: Buffer.concat(chunks).toString() }
}
