import { describe, expect, test } from "bun:test"
import { Server } from "socket.io"
import { Adapter } from "socket.io-adapter"
import { io as connectClient } from "socket.io-client"
import { until } from "../until.ts"
import { openPolling, openProbe, openWebSocket, type Served, serveEngine } from "./conversation.ts"

type Packet = string | Uint8Array<ArrayBuffer>

/** The same conversation over either transport: texts are Socket.IO packets, bytes their attachments. */
const transports = {
  async websocket(served: Served) {
    const socket = await openWebSocket(served)
    return {
      session: socket.session,
      async say(...packets: Packet[]) {
        for (const packet of packets) socket.send(typeof packet === "string" ? `4${packet}` : packet)
      },
      async hear(): Promise<Packet> {
        const data = await socket.next()
        return typeof data === "string" ? data.replace(/^4/, "") : new Uint8Array(data)
      },
      ended: () => socket.closed,
    }
  },
  async polling(served: Served) {
    const client = await openPolling(served)
    const heard: string[] = []
    return {
      session: client.session,
      async say(...packets: Packet[]) {
        const encoded = packets.map((packet) => (typeof packet === "string" ? `4${packet}` : `b${packet.toBase64()}`))
        await client.post(encoded.join("\x1e"))
      },
      async hear(): Promise<Packet> {
        if (heard.length === 0) heard.push(...(await client.poll()).split("\x1e"))
        const packet = heard.shift() ?? ""
        return packet[0] === "b" ? Uint8Array.fromBase64(packet.slice(1)) : packet.replace(/^4/, "")
      },
      async ended() {
        await until(() => client.session.readyState !== "open")
        await client.get()
        expect((await client.get()).status).toBe(400)
      },
    }
  },
}

function serve(options: { connectTimeout?: number } = {}) {
  const io = new Server({ connectionStateRecovery: { skipMiddlewares: false }, adapter: Adapter, ...options })
  for (const namespace of [io.of("/"), io.of("/알림")]) {
    namespace.on("connection", (socket) => {
      socket.emit("auth", socket.handshake.auth, socket.handshake.address)
      socket.on("message", (...args) => socket.emit("message-back", ...args))
      socket.on("ask", (...args) => args.pop()(...args))
      socket.on("ask-me", async (...args) => socket.emit("answered", await socket.emitWithAck("question", ...args)))
    })
  }
  io.of("/members").use((socket, next) => {
    if (socket.handshake.auth.token === "let me in") next()
    else next(Object.assign(new Error("not a member"), { data: { code: "token_missing" } }))
  })
  return serveEngine({ io })
}

const connected = (namespace: string) =>
  expect.stringMatching(new RegExp(`^0${namespace}\\{"sid":"[\\w-]{20}","pid":"[\\w-]{20}"\\}$`))
const placeholders = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'
const attachments = [new Uint8Array([1, 2, 3]), new Uint8Array([4, 5, 6])] as const

describe.each(["websocket", "polling"] as const)("over %s", (transport) => {
  const open = transports[transport]

  async function enter(served: Served, connect = "0") {
    const client = await open(served)
    await client.say(connect)
    await client.hear()
    await client.hear()
    return client
  }

  test("CONNECT to the main namespace, without and with a payload", async () => {
    await using served = serve()
    for (const [packet, auth] of [
      ["0", {}],
      ['0{"token":"123"}', { token: "123" }],
    ] as const) {
      const client = await open(served)
      await client.say(packet)
      expect(await client.hear()).toEqual(connected(""))
      expect(await client.hear()).toBe(`2${JSON.stringify(["auth", auth, "127.0.0.1"])}`)
    }
  })

  test("CONNECT to several namespaces on one connection, each with its own auth and events", async () => {
    await using served = serve()
    const client = await open(served)
    await client.say('0/알림,{"token":"a"}')
    expect(await client.hear()).toEqual(connected("/알림,"))
    expect(await client.hear()).toBe('2/알림,["auth",{"token":"a"},"127.0.0.1"]')
    await client.say('0{"token":"b"}')
    expect(await client.hear()).toEqual(connected(""))
    expect(await client.hear()).toBe('2["auth",{"token":"b"},"127.0.0.1"]')
    await client.say('0/members,{"token":"let me in"}')
    expect(await client.hear()).toEqual(connected("/members,"))
    await client.say('2/알림,["message","there"]', '2["message","here"]')
    expect(await client.hear()).toBe('2/알림,["message-back","there"]')
    expect(await client.hear()).toBe('2["message-back","here"]')
  })

  test("CONNECT to a namespace that does not exist, or refuses, is a CONNECT_ERROR; the connection stays", async () => {
    await using served = serve()
    const client = await open(served)
    await client.say("0/nowhere,")
    expect(await client.hear()).toBe('4/nowhere,{"message":"Invalid namespace"}')
    await client.say("0/members,")
    expect(await client.hear()).toBe('4/members,{"message":"not a member","data":{"code":"token_missing"}}')
    await client.say('0/members,{"token":"let me in"}')
    expect(await client.hear()).toEqual(connected("/members,"))
  })

  test("DISCONNECT from one namespace leaves the other", async () => {
    await using served = serve()
    const client = await enter(served)
    await client.say("0/알림,")
    await client.hear()
    await client.hear()
    await client.say("1/알림,", '2["message","still here"]')
    expect(await client.hear()).toBe('2["message-back","still here"]')
    await client.say("0/알림,")
    expect(await client.hear()).toEqual(connected("/알림,"))
  })

  test("events and acknowledgements, asked for by either side", async () => {
    await using served = serve()
    const client = await enter(served)
    await client.say('2["message",1,"2",{"3":[true]},null]')
    expect(await client.hear()).toBe('2["message-back",1,"2",{"3":[true]},null]')
    await client.say('2456["ask",1,"둘",{"3":[false]}]')
    expect(await client.hear()).toBe('3456[1,"둘",{"3":[false]}]')
    await client.say('2["ask-me","why"]')
    expect(await client.hear()).toBe('20["question","why"]')
    await client.say('30["because"]')
    expect(await client.hear()).toBe('2["answered","because"]')
  })

  test("binary events and acknowledgements, asked for by either side", async () => {
    await using served = serve()
    const client = await enter(served)
    await client.say(`52-["message",${placeholders}]`, ...attachments)
    expect([await client.hear(), await client.hear(), await client.hear()]).toEqual([
      `52-["message-back",${placeholders}]`,
      ...attachments,
    ])
    await client.say(`52-789["ask",${placeholders}]`, ...attachments)
    expect([await client.hear(), await client.hear(), await client.hear()]).toEqual([
      `62-789[${placeholders}]`,
      ...attachments,
    ])
    await client.say('51-["ask-me",{"_placeholder":true,"num":0}]', attachments[0])
    expect([await client.hear(), await client.hear()]).toEqual([
      '51-0["question",{"_placeholder":true,"num":0}]',
      attachments[0],
    ])
    await client.say('61-0[{"_placeholder":true,"num":0}]', attachments[1])
    expect([await client.hear(), await client.hear()]).toEqual([
      '51-["answered",{"_placeholder":true,"num":0}]',
      attachments[1],
    ])
  })

  test("binary in another namespace", async () => {
    await using served = serve()
    const client = await enter(served, "0/알림,")
    await client.say(`52-/알림,["message",${placeholders}]`, ...attachments)
    expect([await client.hear(), await client.hear(), await client.hear()]).toEqual([
      `52-/알림,["message-back",${placeholders}]`,
      ...attachments,
    ])
  })

  test.each([
    ["an unknown type", "abc"],
    ["a payload that is no array", "2{}"],
    ["no JSON", '2["message'],
    ["an acknowledgement's id that is no number", '2abc["ask"]'],
    ["a reserved event", '2["disconnect"]'],
    ["too many attachments", '511-["message"]'],
    ["no number of attachments", '5-["message"]'],
    ["an attachment nobody announced", new Uint8Array([1])],
    ["a second CONNECT", "0"],
    ["a CONNECT_ERROR from a client", '4{"message":"no"}'],
    ["an event in a namespace not entered", '2/알림,["message"]'],
    ["an empty packet", ""],
  ])("an invalid packet closes the connection: %s", async (_, packet) => {
    await using served = serve()
    const client = await enter(served)
    await client.say(packet)
    await client.ended()
    await until(() => client.session.readyState === "closed")
  })

  test("text between a packet and its attachment closes the connection", async () => {
    await using served = serve()
    const client = await enter(served)
    await client.say('51-["message",{"_placeholder":true,"num":0}]', '2["message"]')
    await client.ended()
  })

  test("a CONNECT that does not come in time, or is no CONNECT, closes the connection", async () => {
    await using served = serve({ connectTimeout: 100 })
    await (await open(served)).ended()
    const client = await open(served)
    await client.say('2["message"]')
    await client.ended()
  })

  test("the server's disconnect(true) says DISCONNECT, then closes the connection", async () => {
    const io = new Server()
    io.on("connection", (socket) => socket.disconnect(true))
    await using served = serveEngine({ io })
    const client = await open(served)
    await client.say("0")
    expect(await client.hear()).toStartWith('0{"sid"')
    expect(await client.hear()).toBe("1")
    await until(() => client.session.readyState !== "open")
  })
})

test("a conversation goes on across the upgrade, in the same sockets", async () => {
  await using served = serve()
  const client = await openPolling(served)
  await client.post("40/알림,")
  const [connect, auth] = (await client.poll()).split("\x1e")
  expect([connect?.slice(1), auth]).toEqual([connected("/알림,"), '42/알림,["auth",{},"127.0.0.1"]'])
  const socket = await openProbe(served, client.sid)
  socket.send("2probe")
  expect(await socket.next()).toBe("3probe")
  socket.send("5")
  socket.send('42/알림,7["ask","over the websocket"]')
  expect(await socket.next()).toBe('43/알림,7["over the websocket"]')
})

test("the stock client loses and swaps nothing while it upgrades under a stream of messages", async () => {
  const io = new Server()
  io.on("connection", (socket) => socket.on("number", (n, done) => done(n)))
  await using served = serveEngine({ io })
  const client = connectClient(served.server.url.origin, { forceNew: true, autoConnect: false })
  const [down, acknowledged]: number[][] = [[], []]
  client.on("number", (n) => down?.push(n))
  client.connect()
  await until(() => io.sockets.sockets.size === 1 && client.connected)
  const [socket] = io.sockets.sockets.values()
  let sent = 0
  while (sent < 200 || client.io.engine.transport.name !== "websocket") {
    socket?.emit("number", sent)
    client.emit("number", sent++, (n: number) => acknowledged?.push(n))
    if (sent % 5 === 0) await Bun.sleep(1)
    if (sent > 20_000) throw new Error("the client does not upgrade")
  }
  await until(() => down?.length === sent && acknowledged?.length === sent)
  const all = Array.from({ length: sent }, (_, n) => n)
  expect([down, acknowledged]).toEqual([all, all])
  client.disconnect()
  await until(() => io.sockets.sockets.size === 0)
})

test("the stock client reconnects after the server closes its connection, over polling too", async () => {
  const io = new Server()
  await using served = serveEngine({ io })
  for (const transport of ["polling", "websocket"]) {
    const client = connectClient(served.server.url.origin, {
      transports: [transport],
      forceNew: true,
      reconnectionDelay: 10,
    })
    await until(() => client.connected)
    const before = client.id
    const [socket] = io.sockets.sockets.values()
    socket?.conn.close()
    await until(() => client.connected && client.id !== before)
    client.disconnect()
    await until(() => io.sockets.sockets.size === 0)
  }
})
