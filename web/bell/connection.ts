import { io } from "socket.io-client"
import { EVENTS, NAMESPACE, type WireNotification, type WireRead } from "../../src/wire.ts"
import type { Target } from "./api.ts"

/** `offline` is tried again by itself; `refused` waits for another token or a person. */
export type ConnectionState = { state: "connecting" | "online" | "offline" | "refused"; code?: string }

export type Selection = { 알림_고유_아이디: number[] } | { 모두: true }

type Handlers = {
  notification(notification: WireNotification): void
  count(unread: number): void
  read(answer: WireRead): void
  /** The first count of a connection: the server has taken its position, and delivers what a list from now on does not have. */
  positioned(): void
  /** More was missed than is delivered, or something that was delivered is withdrawn: only a list knows. */
  refresh(): void
  state(state: ConnectionState): void
}

export type Connection = {
  /** Marks notifications read; rejects when the server did not say so in time. */
  read(selection: Selection): Promise<WireRead>
  close(): void
}

const ACKNOWLEDGED_WITHIN_MS = 5_000
/** A server that closed the connection itself, to stop or to shed load, is left alone for 1 to 3 s. */
const pause = () => 1_000 + Math.random() * 2_000
/** Where as many sockets are open as may be, room comes when somebody closes a tab: it is asked for after 10 to 30 s. */
const CROWDED = "too_many_connections"
/** Refusals that asking again does not change. */
const FINAL = ["token_missing", "token_invalid", "token_expired"]

export function connect({ server, language, token }: Target, handlers: Handlers): Connection {
  let timer: ReturnType<typeof setTimeout> | undefined
  let renewed = false
  let counted = false

  const socket = io(server + NAMESPACE, {
    forceNew: true,
    query: { "content-language": language },
    auth: (answer) => {
      token().then((token) => answer({ token }), tryLater)
    },
  })
  const reconnect = (delay: number) => {
    timer = setTimeout(() => socket.connect(), delay)
  }
  /** Whoever makes the tokens may be away for a moment, too. */
  const tryLater = () => {
    socket.disconnect()
    handlers.state({ state: "offline" })
    reconnect(pause())
  }

  socket.on("connect", () => {
    renewed = false
    counted = false
    handlers.state({ state: "online" })
  })
  socket.on("disconnect", () => {
    handlers.state({ state: "offline" })
    if (!socket.active) reconnect(pause())
  })
  socket.on("connect_error", (error: Error & { data?: { code?: string } }) => {
    const code = error.data?.code
    const final = code !== undefined && FINAL.includes(code)
    handlers.state({ state: final && renewed ? "refused" : "offline", code })
    if (socket.active) return
    if (!final) reconnect(code === CROWDED ? 10 * pause() : pause())
    else if (!renewed) reconnect(0) // once more: the token may have been renewed meanwhile
    renewed = final
  })
  socket.on(EVENTS.notification, (notification: WireNotification) => handlers.notification(notification))
  socket.on(EVENTS.count, (count: { 안읽은_수: number }) => {
    handlers.count(count.안읽은_수)
    if (!counted) handlers.positioned()
    counted = true
  })
  socket.on(EVENTS.read, (answer: WireRead) => handlers.read(answer))
  socket.on(EVENTS.refresh, () => handlers.refresh())

  return {
    async read(selection) {
      const answer = await socket.timeout(ACKNOWLEDGED_WITHIN_MS).emitWithAck(EVENTS.read, selection)
      if (answer.error) throw new Error(answer.error.detail)
      return answer
    },
    close() {
      clearTimeout(timer)
      socket.removeAllListeners()
      socket.disconnect()
    },
  }
}
