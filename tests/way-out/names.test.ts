// The namespace by whichever name a client sends: .NET and `new URL()` percent-encode it, and some systems decompose Hangul.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { io } from "socket.io-client"
import { NAMESPACE, NAMESPACE_NAMES } from "../../src/wire.ts"
import { handIn, type Server, startServer } from "../server.ts"
import { until } from "../until.ts"
import { rawClient } from "./raw-client.ts"

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const names = [
  ["as it is written", "/알림"],
  ["percent-encoded", "/%EC%95%8C%EB%A6%BC"],
  ["percent-encoded in lower case", "/%ec%95%8c%eb%a6%bc"],
  ["decomposed", "/알림".normalize("NFD")],
  ["decomposed and percent-encoded", encodeURI("/알림".normalize("NFD"))],
] as const

test("each of the names is one, and they are six", () => {
  expect(NAMESPACE_NAMES).toEqual(expect.arrayContaining(names.map(([, name]) => name)))
  expect([NAMESPACE_NAMES[0], new Set(NAMESPACE_NAMES).size]).toEqual([NAMESPACE, 6])
})

describe.each(names)("%s", (_, name) => {
  test("every packet bears the name that the client uses", async () => {
    await using client = await rawClient(server)
    await client.say(`0${name},${JSON.stringify({ token: await server.tokenOf(42) })}`)
    expect(await client.hear()).toStartWith(`0${name},{"sid":`)
    expect(await client.hear()).toStartWith(`2${name},["count_알림",`)
    await client.say(`2${name},7["read_알림",{"알림_고유_아이디":[1]}]`)
    expect(await client.hear()).toStartWith(`3${name},7[{`)
    await server.post(handIn())
    expect(await client.hear()).toStartWith(`2${name},["get_알림",`)
    await client.say(`1${name},`)
    await client.ended()
  })

  test("a refusal bears it, too", async () => {
    await using client = await rawClient(server)
    await client.say(`0${name},{"token":"rubbish"}`)
    const refusal = await client.hear()
    expect(refusal).toStartWith(`4${name},{"message":`)
    expect(refusal).toContain("token_invalid")
  })

  test("the stock client hears what the others hear", async () => {
    const heard: unknown[] = []
    // Not through io(), which parses the address: the manager takes the name as it is.
    const manager = io(server.url, { forceNew: true, autoConnect: false }).io
    const socket = manager.socket(name, { auth: { token: await server.tokenOf(43) } })
    socket.on("get_알림", (notification) => heard.push(notification))
    let counted = false
    socket.on("count_알림", () => {
      counted = true
    })
    socket.connect()
    await until(() => counted)
    await server.post(handIn())
    await until(() => heard.length === 1)
    expect(await socket.timeout(5000).emitWithAck("read_알림", { 모두: true })).toMatchObject({ 모두: true })
    socket.disconnect()
  })
})

test("beside one name another is passed over, and others are refused", async () => {
  await using client = await rawClient(server)
  const token = JSON.stringify({ token: await server.tokenOf(44) })
  await client.say(...NAMESPACE_NAMES.map((name) => `0${name},${token}`))
  expect(await client.hear()).toStartWith(`0${NAMESPACE},{"sid":`)
  expect(await client.hear()).toStartWith(`2${NAMESPACE},["count_알림",`)
  await client.say(`0${NAMESPACE_NAMES[2]},${token}`, "0/elsewhere,", "0")
  expect(await client.hear()).toBe('4/elsewhere,{"message":"Invalid namespace"}')
  expect(await client.hear()).toStartWith("4{")
  expect(await server.metric("allim_sockets")).toBe(1)
})
