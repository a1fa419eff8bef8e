import { type Clock, monotonic } from "../src/clock.ts"
import { defaultLimits } from "../src/limits.ts"
import type { Metrics } from "../src/metrics.ts"
import { Problem } from "../src/problem.ts"
import type { Report } from "../src/report.ts"
import type { Body } from "./body.ts"

/** How long such a body may take, in milliseconds, or whoever sends some slowly would keep everybody else from sending: 30 s. */
const PATIENCE = 30_000

type Options = {
  metrics?: Pick<Metrics, "watchSignedBodies" | "signedBodiesRefused">
  /** Told each time that the budget did not suffice. */
  report?: Report
  /**
   * Bytes of the bodies that may be under way at once in this process without anything that proves who sends them. A signature can only be
   * checked when all of the body is there. A body whose length was not announced counts as the largest that its route takes.
   */
  budget?: number
  clock?: Clock
}

/** Reads a body whose signature is to be checked. Throws `unavailable` when too many are under way, and `body_late` for one that takes too long. */
export type ReadSigned = (body: Body) => Promise<Uint8Array>

export function signedBodies({
  metrics,
  report,
  budget = defaultLimits.signedBytes,
  clock = monotonic,
}: Options = {}): ReadSigned {
  let underWay = 0
  metrics?.watchSignedBodies(() => underWay)

  function refuse(): never {
    metrics?.signedBodiesRefused.inc()
    report?.(
      "signature",
      new Error(
        `Signed bodies of ${underWay} bytes are under way, of ${budget} at most; further ones are answered with 503. Sources that show their secret are not concerned.`,
      ),
    )
    throw new Problem("unavailable", "Too many signed bodies are under way; try again.", { retryAfter: 1 })
  }

  return async (body) => {
    if (underWay + body.size > budget) refuse()
    underWay += body.size
    const late = new AbortController()
    const cancel = clock.after(PATIENCE, () => late.abort(new Problem("body_late")))
    try {
      return await body.read(late.signal)
    } finally {
      cancel()
      underWay -= body.size
    }
  }
}
