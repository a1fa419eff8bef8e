import { type Clock, monotonic } from "./clock.ts"
import type { Draft, History } from "./history/history.ts"
import { Problem } from "./problem.ts"

/** The methods of a port that can be late. */
type CanBeLate<Port> = {
  [Name in keyof Port]: Port[Name] extends (...asked: never[]) => Promise<unknown> ? Name : never
}[keyof Port]

/** Milliseconds that a method may take. */
export type Deadlines<Port> = { readonly [Name in CanBeLate<Port>]?: number }

type Method = (...asked: unknown[]) => Promise<unknown>

/**
 * The same port, of which each method named answers within its time or rejects with the problem `unavailable`; the call itself cannot be
 * taken back. All else, also what changes, is read from the port itself.
 */
export function withDeadlines<Port extends object>(port: Port, deadlines: Deadlines<Port>, clock = monotonic): Port {
  const timed = Object.entries(deadlines as Record<string, number>).map(([name, most]) => {
    const method = (port as Record<string, Method>)[name] as Method
    return [name, (...asked: unknown[]) => inTime(method.apply(port, asked), most, clock)] as const
  })
  // Not a copy: that would keep for ever what `known` was at this moment.
  return Object.assign(Object.create(port), Object.fromEntries(timed))
}

/** The same history, which answers for its drafts in time: it is unknown what became of those of a late call. */
export function recordInTime(history: History, most: number, clock = monotonic): History {
  const record = async (drafts: readonly Draft[]) => {
    const { promise, late } = race(history.record(drafts), most, clock)
    return promise.catch((error) => {
      if (error !== late) throw error
      return drafts.map(() => ({ status: "unknown" as const, error }))
    })
  }
  return Object.assign(Object.create(history), { record })
}

function inTime<T>(call: Promise<T>, most: number, clock: Clock): Promise<T> {
  return race(call, most, clock).promise
}

function race<T>(call: Promise<T>, most: number, clock: Clock) {
  const late = new Problem("unavailable", "A database is late to answer; try again.", { retryAfter: 1 })
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const cancel = clock.after(most, () => reject(late))
  call.then(resolve, reject).finally(cancel)
  return { promise, late }
}
