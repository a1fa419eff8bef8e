import type { Application } from "./runtime.ts"

/** How often it is seen to whether descriptors are exhausted, in milliseconds. */
const LOOK = 100

/** How long each round of the event loop rests while they are, in milliseconds: all who are connected are served 100 times in a second. */
const REST = 10

/**
 * While a connection waits that it cannot accept, for want of a descriptor, Bun tries again without a pause, and a core is busy with it.
 * `stop()` would end that, but it closes whoever is idle between two requests, too. So every round of the event loop takes a rest: who is
 * connected is served, and who waits is accepted as soon as there is room. Returns what ends it.
 */
export function restWhileExhausted({ descriptors, exceeded }: Pick<Application, "descriptors" | "exceeded">) {
  let resting = false
  const rest = () => {
    resting = descriptors.exhausted()
    if (!resting) return
    Bun.sleepSync(REST)
    setImmediate(rest)
  }
  const timer = setInterval(() => {
    if (resting || !descriptors.exhausted()) return
    exceeded("descriptors")
    rest()
  }, LOOK)
  timer.unref()
  return () => clearInterval(timer)
}
