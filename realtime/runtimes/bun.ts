import { createEngine } from "../engine.ts"
import { cannotListen, IDLE, type Listen, SOCKET_PATH, urlOf } from "./runtime.ts"

/** Serves with `Bun.serve` and its own websockets. */
export const listen: Listen = async ({ host, port, maxBody, io, allowOrigin, fetch }) => {
  const engine = createEngine({
    path: SOCKET_PATH,
    allowOrigin: (origin, request) => allowOrigin(origin, request.headers.get("host")),
  })
  engine.bind(io)
  try {
    const server = Bun.serve({
      hostname: host,
      port,
      maxRequestBodySize: maxBody,
      idleTimeout: IDLE,
      websocket: engine.websocket,
      fetch(request, server) {
        const ours = new URL(request.url).pathname === SOCKET_PATH
        const answer = ours ? engine.fetch(request, server as never) : fetch(request)
        return wantsClose(request) ? sayClose(answer) : answer
      },
    })
    return {
      url: urlOf(host, server.port),
      close: () => server.stop(),
      abort: () => server.stop(true),
    }
  } catch (error) {
    throw cannotListen(error, host, port)
  }
}

function wantsClose(request: Request): boolean {
  return request.headers.get("connection")?.toLowerCase() === "close"
}

/** Bun closes such a connection without saying so, and a client that pools connections, such as node-fetch, sends into the closed one. */
async function sayClose(answer: Response | undefined | Promise<Response | undefined>): Promise<Response | undefined> {
  const response = await answer
  response?.headers.set("Connection", "close")
  return response
}
