import { StartError } from "../start-error.ts"

/** Nothing for a request that has become a websocket. */
type Answer = Response | undefined | Promise<Response | undefined>

/** What a runtime's server must know of the application. */
export type Application<Data> = {
  host: string
  /** 0 takes a free one. */
  port: number
  /** The largest body of a request in bytes, whatever a route allows. */
  maxBody: number
  /** Answers requests at its own path before `fetch` sees them, and the websockets that they turn into. */
  engine: {
    path: string
    fetch(request: Request, server: Bun.Server<Data>): Answer
    websocket: Bun.WebSocketHandler<Data>
  }
  fetch(request: Request): Response | Promise<Response>
}

export type Listening = {
  url: string
  /** No new connections from now on; resolves when the requests under way are answered. */
  close(): Promise<void>
  /** Cuts what is left. */
  abort(): Promise<void>
}

/** A connection without traffic is closed after this many seconds; a long poll is answered within 25. */
const IDLE = 60

/** Serves the application with `Bun.serve`. Throws a `StartError` when the port cannot be had. */
export function listen<Data>({ host, port, maxBody, engine, fetch }: Application<Data>): Listening {
  try {
    const server = Bun.serve<Data>({
      hostname: host,
      port,
      maxRequestBodySize: maxBody,
      idleTimeout: IDLE,
      websocket: engine.websocket,
      fetch(request, server) {
        const ours = new URL(request.url).pathname === engine.path ? engine.fetch(request, server) : fetch(request)
        return wantsClose(request) ? sayClose(ours) : ours
      },
    })
    return {
      url: `http://${["0.0.0.0", "::", "127.0.0.1"].includes(host) ? "localhost" : host}:${server.port}`,
      close: () => server.stop(),
      abort: () => server.stop(true),
    }
  } catch (error) {
    throw new StartError(explain(error, host, port))
  }
}

function wantsClose(request: Request): boolean {
  return request.headers.get("connection")?.toLowerCase() === "close"
}

/** Bun closes such a connection without saying so, and a client that pools connections, such as node-fetch, sends into the closed one. */
async function sayClose(answer: Answer): Promise<Response | undefined> {
  const response = await answer
  response?.headers.set("Connection", "close")
  return response
}

function explain(error: unknown, host: string, port: number): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === "EADDRINUSE") return `Port ${port} is taken: stop what is using it, or set PORT to another one.`
  if (code === "EACCES") return `Port ${port} needs a permission that this user has not: set PORT to one above 1023.`
  return `Cannot listen on ${host}:${port} (${code ?? error}): check HOST and PORT.`
}
