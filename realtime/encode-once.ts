import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser"
import { EVENTS } from "../src/wire.ts"

/**
 * The parser of Socket.IO, which writes each notification as JSON once, however many sockets are sent the same object: what differs between
 * them is the cursor behind it. All else it leaves to the original, and what is sent is the same to the letter.
 */
export function encodeOnce() {
  const written = new WeakMap<object, string>()

  function jsonOf(payload: object): string {
    const json = written.get(payload) ?? JSON.stringify(payload)
    written.set(payload, json)
    return json
  }

  class OnceEncoder extends Encoder {
    override encode(packet: Packet): unknown[] {
      const { type, nsp, id, data } = packet
      if (type !== PacketType.EVENT || id !== undefined || data[0] !== EVENTS.notification) return super.encode(packet)
      const [event, notification, cursor] = data as [string, object, string]
      return [`${type}${nsp},[${JSON.stringify(event)},${jsonOf(notification)},${JSON.stringify(cursor)}]`]
    }
  }

  return { Encoder: OnceEncoder, Decoder }
}
