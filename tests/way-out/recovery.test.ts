import { describe, expect, test } from "bun:test"
import { REPLAY_AT_MOST } from "../../realtime/position.ts"
import { onEachRuntime } from "../on-each-runtime.ts"
import { connect, handIn, listen } from "../server.ts"
import { until } from "../until.ts"

let educator = 2000
const attempts = (client: ReturnType<typeof connect>) => client.notifications().map(({ 상세 }) => 상세.attempt)
const attempt = (number: number) => handIn({ educators: [educator], data: { assignmentId: 9, attempt: number } })

onEachRuntime({}, (server) => {
  describe.each([["websocket"], ["polling"]])("a client that loses its %s connection", (transport) => {
    const options = { transports: [transport] }

    test("is given what it missed, once, in order, without a line of code", async () => {
      educator += 1
      using client = await listen(server, educator, options)
      await server.post([attempt(1), attempt(2)])
      await until(() => client.notifications().length === 2)

      // The connection breaks as a network breaks it; the stock client returns by itself.
      client.socket.io.engine.close()
      await until(() => !client.socket.connected)
      await server.post([attempt(3), attempt(4)])
      await until(() => client.socket.connected && client.notifications().length >= 4)
      await server.post(attempt(5))
      await until(() => client.notifications().length >= 5)
      expect(attempts(client)).toEqual([1, 2, 3, 4, 5])
    })

    test("even if it had heard nothing yet", async () => {
      educator += 1
      using client = await listen(server, educator, options)
      client.socket.io.engine.close()
      await until(() => !client.socket.connected)
      await server.post(attempt(1))
      await until(() => client.notifications().length === 1)
    })
  })

  test("nothing is missed or doubled while the connection breaks again and again under a stream of events", async () => {
    educator += 1
    using client = await listen(server, educator, { transports: ["websocket"] })
    const numbers = Array.from({ length: 150 }, (_, index) => index + 1)
    for (const number of numbers) {
      await server.post(attempt(number))
      if (number % 10 !== 0) continue
      // A connection that is still being made cannot break: the stock client would only wait for it, for 20 s.
      await until(() => client.socket.connected)
      client.socket.io.engine.close()
    }
    await until(() => client.notifications().length >= numbers.length)
    expect(attempts(client).toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers)
  })

  test("a new connection is not given what it can list, only what comes after", async () => {
    educator += 1
    await server.post(attempt(1))
    using client = await listen(server, educator)
    await server.post(attempt(2))
    await until(() => client.notifications().length === 1)
    expect(attempts(client)).toEqual([2])
    expect(client.counts()[0]).toBe(1)
  })

  test("whoever missed more than is replayed is told to fetch the list again, and goes on from there", async () => {
    educator += 1
    using client = await listen(server, educator, { reconnection: false })
    client.socket.io.engine.close()
    await until(() => !client.socket.connected)
    await server.post(Array.from({ length: REPLAY_AT_MOST + 1 }, (_, index) => attempt(index + 1)))
    client.socket.connect()
    await until(() => client.refreshes().length === 1)
    expect(client.refreshes()).toEqual([{ 이유: "too_many_missed" }])
    await server.post(attempt(999))
    await until(() => client.notifications().length === 1)
    expect(attempts(client)).toEqual([999])
  })

  test("a cursor that makes no sense costs a refresh, not the connection", async () => {
    educator += 1
    for (const offset of ["rubbish", 7, { $gt: "" }, "1.zzz"]) {
      using client = connect(server.url, { auth: { token: await server.tokenOf(educator), offset } })
      await client.live()
      expect(client.refreshes()).toEqual([{ 이유: "cursor_invalid" }])
    }
  })

  test("another educator's cursor shows nothing of theirs", async () => {
    educator += 1
    const owner = educator
    using victim = await listen(server, owner)
    await server.post([attempt(1), attempt(2)])
    await until(() => victim.notifications().length === 2)
    const offset = "1.1."
    using thief = connect(server.url, { auth: { token: await server.tokenOf(educator + 500_000), offset } })
    await thief.live()
    expect(thief.notifications()).toEqual([])
  })
})
