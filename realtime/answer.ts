import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible"
import type { Socket } from "socket.io"
import type { Exceeded, Limits } from "../src/limits.ts"
import type { MarkRead } from "../src/mark-read.ts"
import { Problem, problemOf } from "../src/problem.ts"
import type { Report } from "../src/report.ts"
import { EVENTS, wireRead } from "../src/wire.ts"
import { parseSelection } from "../src/wire-schemas.ts"
import type { Connections } from "./connections.ts"

type Needs = {
  markRead: MarkRead
  connections: Pick<Connections, "rate" | "cut">
  limits: Pick<Limits, "eventRate">
  exceeded: Exceeded
  report: Report
}

/**
 * Answers whatever clients send. The last argument is the acknowledgement, if one is wanted; nothing that is sent can do harm. Whoever is too
 * fast is told so, and whoever is much too fast is cut.
 */
export function requestAnswerer({ markRead, connections, limits, exceeded, report }: Needs) {
  const { eventRate } = limits
  const limiter = new RateLimiterMemory({ points: eventRate, duration: 1 })

  async function admit({ conn }: Pick<Socket, "conn">, educator: number) {
    try {
      await limiter.consume(educator)
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      exceeded("event_rate")
      if (refusal.consumedPoints > connections.rate && conn.readyState === "open") connections.cut(conn)
      throw new Problem("rate_exceeded", `At most ${eventRate} events in a second; try again after one.`)
    }
  }

  return (socket: Pick<Socket, "id" | "conn" | "onAny">, educator: number) =>
    void socket.onAny(async (event: string, ...args: unknown[]) => {
      const last = args.at(-1)
      const acknowledge = typeof last === "function" ? last : () => {}
      try {
        await admit(socket, educator)
        if (event !== EVENTS.read) throw new Problem("not_found", `Clients send ${EVENTS.read} only.`)
        acknowledge(wireRead(await markRead(educator, parseSelection(args[0]), socket.id)))
      } catch (error) {
        const { code, message } = problemOf(error, (unexpected) => report("socket", unexpected))
        acknowledge({ error: { code, detail: message } })
      }
    })
}
