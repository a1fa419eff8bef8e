import type { Server } from "socket.io"
import type { Descriptors } from "../../src/descriptors.ts"
import type { Exceeded } from "../../src/limits.ts"
import type { AllowOrigin } from "../../src/origin.ts"
import { Problem, problems } from "../../src/problem.ts"
import { StartError } from "../../src/start-error.ts"
import type { Connections } from "../connections.ts"

/** What a runtime must know to serve the application. */
export type Application = {
  host: string
  /** 0 takes a free one. */
  port: number
  /** The largest body of a request in bytes, whatever a route allows. */
  maxBody: number
  /** Has the requests to `/socket.io/`, and the websockets that they turn into. */
  io: Pick<Server, "bind">
  /** In milliseconds, from a pong to the next ping and how long a pong may take. Default: 25,000 and 20,000. */
  heartbeat?: { pingInterval: number; pingTimeout: number }
  allowOrigin: AllowOrigin
  /** Is asked before each handshake, and told of each session. */
  connections: Pick<Connections, "admit" | "open" | "rate">
  /** While they are `crowded`, new connections are turned away; while they are `exhausted`, nothing may spin or fail for good. */
  descriptors: Pick<Descriptors, "crowded" | "exhausted" | "limit">
  exceeded: Exceeded
  /** Has all other requests. */
  fetch(request: Request): Response | Promise<Response>
  /** Told of what `fetch` or the sockets' engine has thrown, which neither should. */
  report(error: unknown): void
}

export type Listening = {
  url: string
  /** No new connections from now on; resolves when the requests under way are answered. */
  close(): Promise<void>
  /** Cuts what is left. */
  abort(): Promise<void>
}

/**
 * Serves the application: the one thing that differs from runtime to runtime. Rejects with a `StartError` when the port cannot be had.
 */
export type Listen = (application: Application) => Promise<Listening>

/** Where the stock client looks for its server. */
export const SOCKET_PATH = "/socket.io/"

/**
 * A connection stays open for at least this many seconds between two requests. Load balancers use one that has been idle for up to 60: a
 * request that is just being sent when we close is lost, and a POST is not tried again. A long poll is answered within 25.
 */
export const IDLE = 75

/** The name of this server when a request gives it none, as HTTP/1.0 need not, and the health checks of some load balancers do not. */
export const NAMELESS = "localhost"

/** A name or address, perhaps with a port. Two headers are joined by a comma, which makes none. */
const HOST = /^([a-z0-9._~!$&'()*+;=-]+|\[[0-9a-f:.]+\])(:\d+)?$/i

/** Whether the `Host` header makes sense, if there is any: what does not is answered with a plain 400, and goes no further. */
export function isHost(host: string | null): boolean {
  return !host || (HOST.test(host) && URL.canParse(`http://${host}`))
}

/** What is answered when an error has got past everything that answers errors: nothing that it says. */
export function withoutDetail(): Response {
  const [status, title] = problems.internal
  const body = { type: "urn:allim:problem:internal", title, status, detail: title, code: "internal" }
  return Response.json(body, { status, headers: { "Content-Type": "application/problem+json" } })
}

const { title, status, code } = new Problem("overloaded")

/** What a connection is answered that is turned away. */
export const turnedAway = {
  status,
  headers: { "Content-Type": "application/problem+json", "Retry-After": "10", Connection: "close" },
  body: JSON.stringify({ type: `urn:allim:problem:${code}`, title, status, code }),
}

export function urlOf(host: string, port: number | undefined): string {
  return `http://${["0.0.0.0", "::", "127.0.0.1"].includes(host) ? "localhost" : host}:${port}`
}

/** Why a server cannot listen, in words. */
export function cannotListen(error: unknown, host: string, port: number): StartError {
  const { code } = error as NodeJS.ErrnoException
  if (code === "EADDRINUSE")
    return new StartError(`Port ${port} is taken: stop what is using it, or set PORT to another one.`)
  if (code === "EACCES")
    return new StartError(`Port ${port} needs a permission that this user has not: set PORT to one above 1023.`)
  return new StartError(`Cannot listen on ${host}:${port} (${code ?? error}): check HOST and PORT.`)
}
