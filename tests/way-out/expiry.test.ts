import { expect } from "bun:test"
import { testOnAllRuntimes } from "../runtimes.ts"
import { connect, handIn, startProcess } from "../server.ts"
import { until } from "../until.ts"

testOnAllRuntimes(
  "a token that expires closes the connection after a grace of 10 s; the client comes back with a fresh one",
  async (runtime) => {
    await using server = await startProcess(runtime)
    // A busy machine may spend a short token before it has connected: then it is refused, and tries with another.
    let lifetime = 2
    const auth = async (give: (auth: object) => void) => give({ token: await server.tokenOf(42, lifetime) })
    using client = connect(server.url, { auth })
    client.socket.on("connect_error", () => client.socket.connect())
    client.socket.on("connect", () => {
      lifetime = 3600
    })
    await client.live()
    const reasons: string[] = []
    client.socket.on("disconnect", (reason) => reasons.push(reason))
    await until(() => reasons.length === 1, "the token's expiry", 20_000)
    expect(reasons).not.toEqual(["io server disconnect"])
    await server.post(handIn({ educators: [42] }))
    await until(() => client.notifications().length === 1)
  },
)
