import type { BunWebSocket, WebSocketData } from "@socket.io/bun-engine"
import type { Server as SocketServer } from "socket.io"
import type { Session } from "./connections.ts"
import { EngineServer, refuse } from "./engine-server.ts"
import type { PacedWebSocket } from "./engine-websocket.ts"
import { allowOriginHeaders, preflightHeaders } from "./preflight.ts"

export type EngineOptions = {
  /** Whether a page of this origin may connect. Not asked when there is no `Origin` header: that is not a page of another site. */
  allowOrigin(origin: string, request: Request): boolean
  /** Default `/socket.io/`. */
  path?: string
  /** From a pong to the next ping, in milliseconds: 25,000. */
  pingInterval?: number
  /** How long a pong may take, in milliseconds: 20,000. */
  pingTimeout?: number
  /** How long an upgrade to a websocket may take, in milliseconds: 10,000. */
  upgradeTimeout?: number
  /** The longest message, or polling body, a client may send, in bytes: 1,000,000. */
  maxPayload?: number
  /** What may wait for a client that does not read, in bytes, before it is closed: 1 MiB. */
  backpressureLimit?: number
  /** How long a connection may be idle between two requests, in seconds, if that is longer than a living session is ever silent. */
  idle?: number
  /** Whether another session may be opened; if not, its handshake is answered with 503. Default: always. */
  admit?(): boolean
}

/** As it is written on a websocket. */
const NOOP = "6"

/** Engine.IO v4 on Bun's HTTP server and websockets: `@socket.io/bun-engine`, corrected where it leaves the protocol. */
export function createEngine({ allowOrigin, idle = 0, ...options }: EngineOptions) {
  const settings = {
    path: options.path ?? "/socket.io/",
    pingInterval: options.pingInterval ?? 25_000,
    pingTimeout: options.pingTimeout ?? 20_000,
    upgradeTimeout: options.upgradeTimeout ?? 10_000,
    maxHttpBufferSize: options.maxPayload ?? 1_000_000,
    backpressureLimit: options.backpressureLimit ?? 1_048_576,
    admit: options.admit ?? (() => true),
  }
  /** Longer than a living connection is ever silent, in seconds: Bun closes at its own, shorter default otherwise. */
  const idleTimeout = Math.ceil((settings.pingInterval + settings.pingTimeout) / 1000)
  const sessions = new EngineServer(settings)

  return {
    path: settings.path,
    /** To be told of every session, before `io` is. */
    onSession(listener: (session: Session) => void) {
      sessions.on("connection", listener as never)
    },
    bind(io: Pick<SocketServer, "bind">) {
      io.bind(sessions as never)
    },
    /** Answers a request to `path`, with nothing (`undefined`) once it has become a websocket. */
    fetch(request: Request, server: Bun.Server<WebSocketData>): Response | undefined | Promise<Response | undefined> {
      const headers = new Headers({ "cache-control": "no-store", vary: "Origin" })
      const origin = request.headers.get("origin")
      if (origin !== null && !allowOrigin(origin, request)) return refuse("forbidden", headers)
      if (request.method === "OPTIONS") return preflight(request)
      if (origin !== null)
        for (const [name, value] of Object.entries(allowOriginHeaders(origin))) headers.set(name, value)
      // Of the whole connection, also when this request has been answered.
      server.timeout(request, Math.min(255, Math.max(idle, idleTimeout)))
      return sessions.handleRequest(request, server, headers)
    },
    websocket: {
      open: (socket: BunWebSocket) => sessions.onWebSocketOpen(socket),
      message: (socket: BunWebSocket, message: string | Buffer) => sessions.onWebSocketMessage(socket, message),
      drain: (socket: BunWebSocket) => (socket.data.transport as PacedWebSocket).onDrain(),
      // Bun answers these by itself; to the session they are packets that mean nothing, and count.
      ping: (socket: BunWebSocket) => sessions.onWebSocketMessage(socket, NOOP),
      pong: (socket: BunWebSocket) => sessions.onWebSocketMessage(socket, NOOP),
      close: (socket: BunWebSocket, code: number, reason: string) => sessions.onWebSocketClose(socket, code, reason),
      maxPayloadLength: settings.maxHttpBufferSize,
      backpressureLimit: settings.backpressureLimit,
      closeOnBackpressureLimit: true, // or send() drops what is over the limit, and nobody looks at what it returns
      idleTimeout: Math.min(960, Math.max(8, idleTimeout)), // Bun's own bounds
    } satisfies Bun.WebSocketHandler<WebSocketData>,
    close: () => sessions.close(),
  }
}

function preflight({ headers }: Request): Response {
  const allowed = preflightHeaders(headers.get("origin"), headers.get("access-control-request-headers"))
  return new Response(null, { status: 204, headers: allowed })
}
