import { createEngine } from "../engine.ts"
import { restWhileExhausted } from "./rest.ts"
import {
  type Application,
  cannotListen,
  IDLE,
  isHost,
  type Listen,
  NAMELESS,
  SOCKET_PATH,
  turnedAway,
  urlOf,
  withoutDetail,
} from "./runtime.ts"

/**
 * Bun counts idle time in steps of 4 s, of which the first may be over in no time: it closes after 76 to 80 s (measured: 76.7 to 80.0),
 * so that `IDLE` is kept whenever the count begins.
 */
const STEP = 4
export const BUN_IDLE = Math.ceil(IDLE / STEP + 1) * STEP

/** Serves with `Bun.serve` and its own websockets. */
export const listen: Listen = async (application) => {
  const { host, port, maxBody, io, heartbeat, allowOrigin, connections, fetch, report } = application
  const engine = createEngine({
    ...heartbeat,
    path: SOCKET_PATH,
    idle: BUN_IDLE,
    allowOrigin: (origin, request) => allowOrigin(origin, request.headers.get("host")),
    admit: connections.admit,
  })
  engine.onSession(connections.open)
  engine.bind(io)
  const isWelcome = welcoming(application)
  try {
    const server = Bun.serve({
      hostname: host,
      port,
      maxRequestBodySize: maxBody,
      idleTimeout: BUN_IDLE,
      development: false, // or it shows whoever asks the error, our source, and the query they came with
      reusePort: false, // or, when not developing, a second server would share the port instead of being refused it
      websocket: engine.websocket,
      fetch(request, server) {
        if (!isWelcome(server.requestIP(request))) return new Response(turnedAway.body, turnedAway)
        const url = urlAsked(request)
        if (!url) return new Response(null, { status: 400, headers: { Connection: "close" } })
        const ours = url.pathname === SOCKET_PATH
        const answer = ours ? engine.fetch(request, server as never) : fetch(named(request, url))
        return wantsClose(request) ? sayClose(answer) : answer
      },
      error(error) {
        report(error)
        return withoutDetail()
      },
    })
    const stay = restWhileExhausted(application)
    return {
      url: urlOf(host, server.port),
      close: () => server.stop(),
      async abort() {
        stay()
        await server.stop(true)
      },
    }
  } catch (error) {
    throw cannotListen(error, host, port)
  }
}

/** What is asked for; nothing when the host makes no sense. Without a host, a request's `url` is only a path. */
function urlAsked({ url, headers }: Request): URL | undefined {
  if (!isHost(headers.get("host"))) return
  return URL.parse(url.startsWith("/") ? `http://${NAMELESS}${url}` : url) ?? undefined
}

/** The same request with a whole `url`, which everything from here on relies on. */
function named(request: Request, url: URL): Request {
  return request.url.startsWith("/") ? new Request(url, request) : request
}

/** As many connections as are remembered, where the system names no limit. */
const REMEMBERED = 65_536

/**
 * Whether a request's connection may stay: while descriptors are scarce, only if it has been here before. Bun does not say when a connection
 * is opened, so they are known by their peer's address and port, the latest of them.
 */
function welcoming({ descriptors, exceeded }: Pick<Application, "descriptors" | "exceeded">) {
  const known = new Set<string>()
  const most = Math.min(REMEMBERED, descriptors.limit ?? REMEMBERED)
  return (peer: Bun.SocketAddress | null): boolean => {
    const name = `${peer?.address} ${peer?.port}`
    if (!known.delete(name) && descriptors.crowded()) {
      exceeded("descriptors")
      return false
    }
    known.add(name)
    for (const oldest of known) {
      if (known.size <= most) break
      known.delete(oldest)
    }
    return true
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
