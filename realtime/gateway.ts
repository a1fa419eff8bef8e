import { setTimeout as pause } from "node:timers/promises"
import { type DefaultEventsMap, Server, type Socket } from "socket.io"
import { Adapter } from "socket.io-adapter"
import type { Educator, VerifyToken } from "../src/access-token.ts"
import { bearerToken } from "../src/bearer.ts"
import type { Exceeded, Limits } from "../src/limits.ts"
import { chooseLanguage, type Language } from "../src/locales/locales.ts"
import type { MarkRead } from "../src/mark-read.ts"
import { Problem, type ProblemCode, problemOf } from "../src/problem.ts"
import type { Report } from "../src/report.ts"
import { NAMESPACE, NAMESPACE_NAMES } from "../src/wire.ts"
import { requestAnswerer } from "./answer.ts"
import type { Connections } from "./connections.ts"
import type { Delivery } from "./delivery.ts"
import { encodeOnce } from "./encode-once.ts"
import { closeWhenExpired } from "./expiry.ts"
import { paceOf } from "./pace.ts"
import { socketQuota } from "./quota.ts"

/** What says nothing against the token: the same may be good in a moment. */
const PASSING: readonly ProblemCode[] = ["unavailable", "internal"]

/** Sockets closed at once when the process stops: 2,000 in a second. */
const SLICE = 200

type Needs = {
  delivery: Pick<Delivery, "enter">
  markRead: MarkRead
  verifyToken: VerifyToken
  defaultLanguage: Language
  connections: Connections
  limits: Limits
  exceeded: Exceeded
  watch(sockets: () => number): void
  report: Report
}

type SocketData = { educator: Educator; language: Language }
type EducatorSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>

/** The way out: educators' sockets in the namespace `/알림`. */
export function openGateway(needs: Needs) {
  const { delivery, watch, exceeded, report, verifyToken, defaultLanguage, connections, limits } = needs
  // With the in-memory adapter the client is handed a `pid`, and so returns its last cursor as auth.offset; replay is ours.
  const io = new Server({
    connectionStateRecovery: { skipMiddlewares: false },
    adapter: Adapter,
    parser: encodeOnce(),
    connectTimeout: 2_000 * limits.connectWithin, // never: `connections` has cut it by then, and counted it
  })

  // Every socket.io server has a main namespace, where anybody could hold a connection.
  io.use((_, next) => next(refusal(new Problem("not_found", `Connect to ${NAMESPACE}.`), report)))
  const answer = requestAnswerer(needs)
  const quota = socketQuota(needs)
  const sockets = new Set<EducatorSocket>()
  const connecting = new WeakSet<object>()

  async function admit(socket: EducatorSocket, next: (error?: Error) => void) {
    const { conn, data } = socket
    // A connection holds the namespace once, under whichever name: what it asks for beside or after that is passed over.
    if (connecting.has(conn)) return socket._cleanup()
    connecting.add(conn)
    try {
      const token = tokenOf(socket)
      data.educator = await verifyToken(token)
      data.language = chooseLanguage(languageOf(socket), defaultLanguage)
      if (conn.readyState === "open") {
        const giveBack = quota.take(data.educator.index, token)
        conn.once("close", giveBack)
        socket.once("disconnect", giveBack)
      }
      next()
    } catch (error) {
      connecting.delete(conn)
      const why = refusal(error, report)
      // The stock client takes a refusal for final and never comes back; one whose line was lost does.
      if (PASSING.includes(why.data.code)) conn.close()
      next(why)
    }
  }

  function enter(socket: EducatorSocket) {
    const { educator, language } = socket.data
    sockets.add(socket)
    connections.connected(socket.conn)
    const leave = delivery.enter({
      id: socket.id,
      educator: educator.index,
      language,
      offset: socket.handshake.auth.offset,
      emit: (event, ...args) => void socket.emit(event, ...args),
      taken: paceOf(socket.conn).taken,
      drop() {
        exceeded("slow")
        socket.conn.close(true)
      },
    })
    const stay = closeWhenExpired(socket, educator.expiresAt)
    socket.on("disconnect", (reason) => {
      sockets.delete(socket)
      stay()
      leave()
      if (reason === "client namespace disconnect") connections.left(socket.conn)
    })
    answer(socket, educator.index)
  }

  for (const name of NAMESPACE_NAMES) io.of(name).use(admit).on("connection", enter)
  watch(() => sockets.size)
  return {
    /** For the runtime to bind to its engine. */
    io,
    /** Closes the sockets slice by slice, `SLICE` every 100 ms, so that clients do not all come back in one second. */
    async close() {
      for (const [index, socket] of [...sockets].entries()) {
        if (index > 0 && index % SLICE === 0) await pause(100)
        socket.conn.close()
      }
      io.engine.close()
    },
  }
}

/** A browser's websocket sends no headers, hence `auth`; native clients and polling may use `Authorization`. */
function tokenOf({ handshake }: Socket): string | undefined {
  const token: unknown = handshake.auth.token
  if (typeof token === "string") return token
  return bearerToken(handshake.headers.authorization)
}

function languageOf({ handshake }: Socket): string | undefined {
  const asked = handshake.query["content-language"]
  return (Array.isArray(asked) ? asked[0] : asked) || handshake.headers["accept-language"]
}

/** What the client finds in `connect_error`: `error.data.code` is one of the problems' codes. */
function refusal(error: unknown, report: Report) {
  const { title, code, message } = problemOf(error, (unexpected) => report("socket", unexpected))
  return Object.assign(new Error(title), { data: { code, detail: message } })
}
