import type { Server } from "socket.io"
import type { AllowOrigin } from "../../src/origin.ts"
import { StartError } from "../../src/start-error.ts"

/** What a runtime must know to serve the application. */
export type Application = {
  host: string
  /** 0 takes a free one. */
  port: number
  /** The largest body of a request in bytes, whatever a route allows. */
  maxBody: number
  /** Has the requests to `/socket.io/`, and the websockets that they turn into. */
  io: Server
  allowOrigin: AllowOrigin
  /** Has all other requests. */
  fetch(request: Request): Response | Promise<Response>
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

/** A connection without traffic is closed after this many seconds; a long poll is answered within 25. */
export const IDLE = 60

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
