import { readPort } from "../settings.ts"
import { readArguments } from "./arguments.ts"

/** How long the answer may take, in milliseconds. */
const TIMEOUT = 3_000

/** Asks the server on this machine whether it is ready: for a container's health check, where there is no curl. */
export async function health(args: string[]): Promise<number> {
  readArguments(args, [], 0, "allim health")
  const url = `http://127.0.0.1:${readPort(process.env).port}/health/ready`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) })
    console.log(
      response.ok
        ? wordsFor((await response.json()) as { degraded?: string[] })
        : `not ready: ${await response.text()}`,
    )
    return response.ok ? 0 : 1
  } catch {
    console.log(`not ready: nothing answers at ${url}`)
    return 1
  }
}

/** Degraded is ready: what is away comes back by itself, and a restart would not help. */
function wordsFor({ degraded }: { degraded?: string[] }): string {
  return degraded ? `ready, but degraded: ${degraded.join(", ")} does not answer` : "ready"
}
