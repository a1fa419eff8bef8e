import { setTimeout as pause } from "node:timers/promises"
import { type DefaultEventsMap, Server, type Socket } from "socket.io"
import { Adapter } from "socket.io-adapter"
import type { Educator, VerifyToken } from "../src/access-token.ts"
import { bearerToken } from "../src/bearer.ts"
import type { Bus } from "../src/bus/bus.ts"
import type { History } from "../src/history/history.ts"
import { timeOf } from "../src/id.ts"
import { chooseLanguage, type Language } from "../src/locales/locales.ts"
import type { MarkRead } from "../src/mark-read.ts"
import type { Metrics } from "../src/metrics.ts"
import type { Present } from "../src/present.ts"
import { Problem, problemOf } from "../src/problem.ts"
import type { Report } from "../src/report.ts"
import { NAMESPACE } from "../src/wire.ts"
import { requestAnswerer } from "./answer.ts"
import { decodeCursor } from "./cursor.ts"
import { openRooms } from "./rooms.ts"
import { takeSeat } from "./seat.ts"

/** How long after its token has expired a connection is closed, so that the client has time to get a fresh one: 10 s. */
const EXPIRY_GRACE = 10_000

/** A connection that has not shown a good token by then is closed: 10 s. */
const CONNECT_TIMEOUT = 10_000

/** A timer holds no longer delay, 24 days; a connection does not last that long anyway. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Sockets closed at once when the process stops: 2,000 in a second. */
const SLICE = 200

type Needs = {
  history: Pick<History, "since" | "unread">
  bus: Pick<Bus, "subscribe">
  present: Present
  markRead: MarkRead
  verifyToken: VerifyToken
  defaultLanguage: Language
  metrics: Metrics
  report: Report
}

type SocketData = { educator: Educator; language: Language }
type EducatorSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>

/** The way out: educators' sockets in the namespace `/알림`. */
export function openGateway(needs: Needs) {
  const { bus, metrics, report, verifyToken, defaultLanguage } = needs
  // With the in-memory adapter the client is handed a `pid`, and so returns its last cursor as auth.offset; replay is ours.
  const io = new Server({
    connectionStateRecovery: { skipMiddlewares: false },
    adapter: Adapter,
    connectTimeout: CONNECT_TIMEOUT,
  })
  const rooms = openRooms(bus, (error) => report("bus", error))

  // Every socket.io server has a main namespace, where anybody could hold a connection.
  io.use((_, next) => next(refusal(new Problem("not_found", `Connect to ${NAMESPACE}.`), report)))
  const answer = requestAnswerer(needs)
  const namespace = io.of(NAMESPACE)
  namespace.use(async (socket, next) => {
    try {
      socket.data.educator = await verifyToken(tokenOf(socket))
      socket.data.language = chooseLanguage(languageOf(socket), defaultLanguage)
      next()
    } catch (error) {
      next(refusal(error, report))
    }
  })

  namespace.on("connection", (socket: EducatorSocket) => {
    // Its client comes back by itself, with the cursor it had.
    const fail = (error: unknown) => {
      report("deliver", error)
      socket.conn.close()
    }
    const seat = seatFor(socket, fail, needs)
    const { index } = socket.data.educator
    const expiry = closeWhenExpired(socket)
    socket.on("disconnect", () => {
      clearTimeout(expiry)
      rooms.leave(index, seat)
    })
    answer(socket, index)
    const join = async () => {
      // One that went away meanwhile has left already, and would never leave again.
      if (socket.connected) await rooms.join(index, seat)
    }
    seat.start(join).catch(fail)
  })

  metrics.watch({ sockets: () => namespace.sockets.size, rooms: () => rooms.size })
  return {
    /** For the runtime to bind to its engine. */
    io,
    /** Closes the sockets slice by slice, `SLICE` every 100 ms, so that clients do not all come back in one second. */
    async close() {
      for (const [index, socket] of [...namespace.sockets.values()].entries()) {
        if (index > 0 && index % SLICE === 0) await pause(100)
        socket.conn.close()
      }
      io.engine.close()
      await rooms.close()
    },
  }
}

function seatFor(socket: EducatorSocket, fail: (error: unknown) => void, { history, present, metrics, report }: Needs) {
  const { educator, language } = socket.data
  const offset: unknown = socket.handshake.auth.offset
  return takeSeat({
    educator: educator.index,
    id: socket.id,
    cursor: offset === undefined ? undefined : (decodeCursor(offset) ?? "invalid"),
    history,
    present: (notifications) => present(notifications, language),
    emit: (event, ...args) => void socket.emit(event, ...args),
    delivered(notification, replayed) {
      metrics.delivered.inc()
      if (!replayed) metrics.latency.observe(Math.max(0, Date.now() - timeOf(notification.id)) / 1000)
    },
    report: (error) => report("deliver", error),
    fail,
  })
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
function refusal(error: unknown, report: Report): Error {
  const { title, code, message } = problemOf(error, (unexpected) => report("socket", unexpected))
  return Object.assign(new Error(title), { data: { code, detail: message } })
}

/** Closed as a lost connection is, so that the client reconnects by itself, and asks for a token again. */
function closeWhenExpired(socket: EducatorSocket): NodeJS.Timeout | undefined {
  const { expiresAt } = socket.data.educator
  if (expiresAt === undefined) return
  const left = expiresAt + EXPIRY_GRACE - Date.now()
  if (left <= LONGEST_TIMER) return setTimeout(() => socket.conn.close(), Math.max(0, left))
}
