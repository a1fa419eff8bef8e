import { connect } from "node:net"

/** How long an answer may take, in milliseconds. */
const PATIENCE = 10_000

/** One connection, byte for byte, for what `fetch` does not send. Bytes are written and read as latin1. */
export function openRaw(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ""
  const changed: (() => void)[] = []
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()))
  socket.on("data", (bytes) => {
    text += bytes.toString("latin1")
    for (const wake of changed.splice(0)) wake()
  })
  // Whoever closes on somebody who still writes resets the connection: that is an end like another.
  socket.on("error", () => {})
  closed.then(() => {
    for (const wake of changed.splice(0)) wake()
  })

  return {
    socket,
    closed,
    /** Everything that has come. */
    text: () => text,
    write: (bytes: string) => socket.write(bytes, "latin1"),
    /** The next whole answer, or what came of it before the connection closed. */
    async answer({ head = false } = {}) {
      const timer = setTimeout(() => socket.destroy(new Error("it took too long")), PATIENCE)
      for (;;) {
        const end = wholeAnswer(text, head) ?? (socket.destroyed ? text.length : undefined)
        if (end === undefined) {
          await new Promise<void>((resolve) => changed.push(resolve))
          continue
        }
        clearTimeout(timer)
        const answer = text.slice(0, end)
        text = text.slice(end)
        return readAnswer(answer)
      }
    },
    [Symbol.dispose]: () => socket.destroy(),
  }
}

/** What one request is answered, on a connection of its own. */
export async function askRaw(url: string, request: string) {
  using raw = openRaw(url)
  raw.write(request)
  return await raw.answer({ head: request.startsWith("HEAD ") })
}

/** Where the first answer ends; nothing while it has not. */
function wholeAnswer(text: string, head: boolean): number | undefined {
  const start = text.indexOf("\r\n\r\n") + 4
  if (start < 4) return
  const { headers, status } = readAnswer(text)
  if (head || status === 204 || status === 304) return start
  if (headers.get("transfer-encoding") === "chunked") return unchunk(text, start)?.end
  const length = headers.get("content-length")
  if (length === null && headers.get("connection") === "close") return // whatever comes until then
  const end = start + Number(length)
  return text.length < end ? undefined : end
}

function readAnswer(text: string) {
  const start = text.indexOf("\r\n\r\n") + 4
  const head = text.slice(0, start < 4 ? undefined : start - 4)
  const [first = "", ...lines] = head.split("\r\n")
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(":")
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const headers = new Headers(fields)
  const chunked = headers.get("transfer-encoding") === "chunked" ? unchunk(text, start) : undefined
  return { status: Number(first.split(" ")[1]), headers, body: chunked?.body ?? text.slice(start) }
}

/** What comes in chunks, from `at` on, and where they end; nothing while there is more to come. */
function unchunk(text: string, at: number): { body: string; end: number } | undefined {
  let body = ""
  for (;;) {
    const line = text.indexOf("\r\n", at)
    const size = Number.parseInt(text.slice(at, line), 16)
    const end = line + 2 + size + 2
    if (line < 0 || text.length < end) return
    if (size === 0) return { body, end }
    body += text.slice(line + 2, end - 2)
    at = end
  }
}
