import { expect, test } from "bun:test"
import { openGateway } from "../../realtime/gateway.ts"
import { listen } from "../../realtime/runtimes/bun.ts"
import type { VerifyToken } from "../../src/access-token.ts"
import { Problem } from "../../src/problem.ts"
import { connect } from "../server.ts"
import { unlimited as noLimits } from "../unlimited.ts"
import { until } from "../until.ts"

/** A gateway alone, whose tokens are verified like this. */
async function gatewayWith(verifyToken: VerifyToken) {
  const entered: number[] = []
  const failures: unknown[] = []
  const unlimited = noLimits()
  const gateway = openGateway({
    delivery: {
      enter({ educator }) {
        entered.push(educator)
        return () => {}
      },
    },
    markRead: () => Promise.reject(new Error("nobody marks here")),
    verifyToken,
    defaultLanguage: "ko",
    watch: () => {},
    ...unlimited,
    report: (_, error) => void failures.push(error),
  })
  const listening = await listen({
    host: "127.0.0.1",
    port: 0,
    maxBody: 1000,
    ...unlimited,
    io: gateway.io,
    allowOrigin: () => true,
    report() {},
    fetch: () => new Response(),
  })
  return {
    url: listening.url,
    entered,
    failures,
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await listening.abort()
    },
  }
}

for (const transport of ["websocket", "polling"]) {
  test(`a client that came while tokens could not be verified comes back by itself, by ${transport}`, async () => {
    const troubles = [new Problem("unavailable", "no keys"), new Error("an accident")]
    await using gateway = await gatewayWith(async () => {
      const trouble = troubles.shift()
      if (trouble) throw trouble
      return { index: 42 }
    })
    using client = connect(gateway.url, { transports: [transport] })
    await until(() => client.socket.connected)
    expect(gateway.entered).toEqual([42])
    expect(gateway.failures).toHaveLength(1)
  })

  test(`(control) one whose token is bad is told so, and is left alone, by ${transport}`, async () => {
    let asked = 0
    await using gateway = await gatewayWith(async () => {
      asked += 1
      throw new Problem("token_invalid", "rubbish")
    })
    using client = connect(gateway.url, { transports: [transport] })
    const error = await new Promise<Error & { data?: unknown }>((resolve) => client.socket.on("connect_error", resolve))
    expect(error.data).toEqual({ code: "token_invalid", detail: "rubbish" })
    expect([client.socket.active, asked]).toEqual([false, 1])
  })
}
