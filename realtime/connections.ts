import type { Clock } from "../src/clock.ts"
import type { Exceeded, Limits } from "../src/limits.ts"

const SECOND = 1_000

/** A session of whichever engine. `close(true)` ends it at once, whether or not its client can be told. */
export type Session = {
  close(discard?: boolean): void
  on(event: "packet", listener: () => void): unknown
  once(event: "close", listener: () => void): unknown
}

type Needs = { limits: Pick<Limits, "unconnected" | "connectWithin" | "clientRate">; clock: Clock; exceeded: Exceeded }

export type Connections = ReturnType<typeof watchConnections>

/**
 * Every connection, from its handshake on: those without a socket in the namespace are few and do not last, and none sends faster than
 * any may.
 */
export function watchConnections({ limits, clock, exceeded }: Needs) {
  const waiting = new Map<Session, () => void>()

  function wait(session: Session) {
    waiting.set(
      session,
      clock.after(limits.connectWithin * SECOND, () => {
        exceeded("connect_within")
        session.close(true)
      }),
    )
  }

  function wake(session: Session) {
    waiting.get(session)?.()
    waiting.delete(session)
  }

  function cut(session: Session) {
    exceeded("client_rate")
    session.close(true)
  }

  function meter(session: Session) {
    let since = Number.NEGATIVE_INFINITY
    let packets = 0
    return () => {
      const now = clock.now()
      if (now - since >= SECOND) {
        since = now
        packets = 0
      }
      packets += 1
      if (packets > limits.clientRate) cut(session)
    }
  }

  return {
    /** Packets of any kind that one may send in a second. */
    rate: limits.clientRate,

    /** Whether there is room for one more. */
    admit(): boolean {
      const room = waiting.size < limits.unconnected
      if (!room) exceeded("unconnected")
      return room
    },

    /** A handshake has been answered. */
    open(session: Session) {
      wait(session)
      session.once("close", () => wake(session))
      session.on("packet", meter(session))
    },

    /** Its socket is in the namespace. */
    connected: wake,

    /** Its socket has left the namespace, and with it all that it was there for. One that cannot be told waits no longer than others. */
    left(session: Session) {
      wait(session)
      session.close()
    },

    cut,

    unconnected: () => waiting.size,
  }
}
