import { watchConnections } from "../realtime/connections.ts"
import { monotonic } from "../src/clock.ts"
import { defaultLimits } from "../src/limits.ts"

/** What a runtime and a gateway are told of limits that no test here meets. */
export function unlimited() {
  const exceeded = () => {}
  const connections = watchConnections({ limits: defaultLimits, clock: monotonic, exceeded })
  const descriptors = { crowded: () => false, exhausted: () => false, limit: undefined }
  return { limits: defaultLimits, exceeded, connections, descriptors }
}
