import { connect as connectTcp } from "node:net"
import type { Server as SocketServer } from "socket.io"
import { createEngine, type EngineOptions } from "../../realtime/engine.ts"
import type { Session } from "../../realtime/engine-session.ts"
import { until } from "../until.ts"

/** A session as the tests see it from the server's side. */
export type ServerSession = Omit<Session, "once"> & {
  write(data: string | Uint8Array): void
  on(event: "data", listener: (data: string | Buffer) => void): void
  once(event: "close", listener: (reason: string) => void): void
}

type Options = Partial<EngineOptions> & { onSession?: (session: ServerSession) => void; io?: SocketServer }

const echo = (session: ServerSession) => session.on("data", (data) => session.write(data))

/** An engine on a port of its own that echoes every message, or with a socket.io server on it. */
export function serveEngine({ onSession = echo, io, ...options }: Options = {}) {
  const engine = createEngine({ allowOrigin: () => true, ...options })
  const sessions: ServerSession[] = []
  if (io) engine.bind(io)
  engine.bind({
    bind(server: { on(event: "connection", listener: (session: ServerSession) => void): void }) {
      server.on("connection", (session) => {
        sessions.push(session)
        if (!io) onSession(session)
      })
    },
  } as never)
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 1,
    fetch: engine.fetch,
    websocket: engine.websocket,
  })
  const at = (query: string, scheme = "http") => `${scheme}://127.0.0.1:${server.port}${engine.path}?${query}`
  return {
    engine,
    server,
    sessions,
    at,
    async [Symbol.asyncDispose]() {
      engine.close()
      await server.stop(true)
    },
  }
}

export type Served = ReturnType<typeof serveEngine>

/** A session over polling: every call is one HTTP request. */
export async function openPolling({ at, sessions }: Served) {
  const handshake = JSON.parse((await (await fetch(at("EIO=4&transport=polling"))).text()).slice(1))
  const url = at(`EIO=4&transport=polling&sid=${handshake.sid}`)
  const session = sessions.find(({ id }) => id === handshake.sid)
  if (!session) throw new Error("the server knows nothing of this session")
  return {
    sid: handshake.sid as string,
    session,
    url,
    get: (init?: RequestInit) => fetch(url, init),
    poll: async () => (await fetch(url)).text(),
    /** A poll that has reached the server and waits there. */
    async pendingPoll(init?: RequestInit) {
      const response = fetch(url, init)
      response.catch(() => {})
      await until(() => session.transport.writable, "the poll to reach the server")
      return { response }
    },
    post: (body: NonNullable<RequestInit["body"]>) => fetch(url, { method: "POST", body }),
    /** A post of which the server has read the beginning, and waits for more. */
    async slowPost(beginning: string) {
      let finish = () => {}
      const giveUp = new AbortController()
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(Buffer.from(beginning))
          finish = () => controller.close()
        },
      })
      const response = fetch(url, { method: "POST", body, signal: giveUp.signal })
      response.catch(() => {})
      await until(() => (session.transport as unknown as { posting: boolean }).posting, "the post to reach the server")
      return { response, finish, abort: () => giveUp.abort() }
    },
  }
}

/** A raw websocket whose messages are read one by one, in order. */
export async function openSocket(url: string) {
  const socket = new WebSocket(url)
  socket.binaryType = "arraybuffer"
  const messages: (string | ArrayBuffer)[] = []
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve))
  let isClosed = false
  closed.then(() => {
    isClosed = true
  })
  socket.addEventListener("message", ({ data }) => messages.push(data))
  await until(() => socket.readyState !== WebSocket.CONNECTING, "the websocket to open")
  return {
    closed,
    messages,
    send: (data: string | Uint8Array<ArrayBuffer>) => socket.send(data),
    close: () => socket.close(),
    async next() {
      await until(() => messages.length > 0 || isClosed, "a message")
      if (messages.length === 0) throw new Error("the websocket closed before another message came")
      return messages.shift() as string | ArrayBuffer
    },
  }
}

/** A session over a websocket, with its open packet already read. */
export async function openWebSocket(served: Served) {
  const socket = await openSocket(served.at("EIO=4&transport=websocket", "ws"))
  const handshake = JSON.parse(String(await socket.next()).slice(1))
  const session = served.sessions.find(({ id }) => id === handshake.sid)
  if (!session) throw new Error("the server knows nothing of this session")
  return { ...socket, session }
}

/** A websocket beside a polling session, with which it may upgrade. */
export function openProbe({ at }: Served, sid: string) {
  return openSocket(at(`EIO=4&transport=websocket&sid=${sid}`, "ws"))
}

/** One HTTP request, byte for byte, for what `fetch` does not send. */
export function rawRequest(
  { server, engine }: Served,
  method: string,
  query: string,
  headers: Record<string, string> = {},
  body = "",
) {
  const lines = Object.entries({ Host: "localhost", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return new Promise<{ status: number; headers: Headers; body: string }>((resolve, reject) => {
    const socket = connectTcp(server.port as number, "127.0.0.1", () =>
      socket.write(`${method} ${engine.path}?${query} HTTP/1.1\r\n${lines.join("")}\r\n${body}`),
    )
    let text = ""
    socket.on("data", (chunk) => {
      text += chunk
      const end = text.indexOf("\r\n\r\n")
      if (end === -1) return
      const [status = "", ...fields] = text.slice(0, end).split("\r\n")
      const found = new Headers(
        fields.map((field) => [field.slice(0, field.indexOf(":")), field.slice(field.indexOf(":") + 1)]),
      )
      if (text.length - end - 4 < Number(found.get("content-length"))) return
      resolve({ status: Number(status.split(" ")[1]), headers: found, body: text.slice(end + 4) })
      socket.destroy()
    })
    socket.on("error", reject)
    socket.on("close", () => reject(new Error(`closed after: ${text}`)))
  })
}

/** The headers of a websocket's opening handshake. */
export const upgradeHeaders = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
