import { expect, test } from "bun:test"
import fc from "fast-check"
import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser"
import { encodeOnce } from "../../realtime/encode-once.ts"
import { EVENTS, NAMESPACE } from "../../src/wire.ts"

const stock = new Encoder()
const notifications = fc.dictionary(fc.string(), fc.jsonValue())

test("what is sent is what the stock parser would send, to the letter", () => {
  const { Encoder: Once } = encodeOnce()
  const once = new Once()
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(EVENTS)), notifications, fc.string(), (event, payload, cursor) => {
      const packet: Packet = { type: PacketType.EVENT, nsp: NAMESPACE, data: [event, payload, cursor] }
      const expected = stock.encode({ ...packet })
      expect([once.encode(packet), once.encode(packet)]).toEqual([expected, expected])
    }),
  )
  for (const packet of [
    { type: PacketType.CONNECT, nsp: NAMESPACE, data: { sid: "a" } },
    { type: PacketType.ACK, nsp: NAMESPACE, id: 7, data: [{ ok: true }] },
    { type: PacketType.EVENT, nsp: NAMESPACE, id: 8, data: [EVENTS.notification, { a: 1 }, "cursor"] },
    { type: PacketType.DISCONNECT, nsp: NAMESPACE },
  ])
    expect(once.encode({ ...packet })).toEqual(stock.encode({ ...packet }))
})

test("a notification that several sockets are sent is written once", () => {
  const { Encoder: Once } = encodeOnce()
  const once = new Once()
  let written = 0
  const notification = {
    toJSON() {
      written += 1
      return { 제목: "과제 제출" }
    },
  }
  const decoded: Packet[] = []
  const decoder = new Decoder()
  decoder.on("decoded", (packet) => decoded.push(packet))
  for (const cursor of ["a", "b", "c"])
    for (const part of once.encode({
      type: PacketType.EVENT,
      nsp: NAMESPACE,
      data: [EVENTS.notification, notification, cursor],
    }))
      decoder.add(part)
  expect(written).toBe(1)
  expect(decoded.map(({ data }) => data)).toEqual(
    ["a", "b", "c"].map((cursor) => [EVENTS.notification, { 제목: "과제 제출" }, cursor]),
  )
})
