import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible"
import type { Exceeded } from "../src/limits.ts"
import { Problem } from "../src/problem.ts"

/** Lets a source's request pass, or throws `rate_exceeded`. */
export type Admit = (source: string) => Promise<void>

/** Counts each source's requests in this process, in windows of a second. A request may hold many events, so the default of 1000 is generous. */
export function sourceRate(perSecond: number, exceeded: Exceeded): Admit {
  const limiter = new RateLimiterMemory({ points: perSecond, duration: 1 })
  return async (source) => {
    try {
      await limiter.consume(source)
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      exceeded("source_rate")
      const retryAfter = refusal.msBeforeNext / 1000
      throw new Problem(
        "rate_exceeded",
        `A source may send ${perSecond} requests in a second; put more events into each.`,
        { retryAfter },
      )
    }
  }
}
