import {
  BaseSocket,
  type EngineSettings,
  type HandshakeRequestReference,
  type Packet,
  type PacketType,
  type RawData,
  type Transport,
} from "./engine-inside.ts"
import { PacedWebSocket } from "./engine-websocket.ts"

/** What one poll is answered with, or a websocket is handed at once, in bytes: one packet of any size, or several up to this. */
const PORTION = 131_072

/** How often a poll that comes in during an upgrade is answered, so that the client may go on with it: every 100 ms. */
const RELEASE_INTERVAL = 100

/** An Engine.IO session: the engine's own, held to the protocol. Each method says what it corrects. */
export class Session extends BaseSocket {
  /** The peer's address; `socket.handshake.address` is read from here, and the engine leaves it out. */
  readonly remoteAddress: string | undefined
  private queued = 0

  constructor(
    id: string,
    settings: EngineSettings,
    transport: Transport,
    request: HandshakeRequestReference,
    address: string | undefined,
  ) {
    super(id, settings, transport, request)
    this.remoteAddress = address
  }

  /** A packet that only a server sends, or that comes late after an upgrade, means nothing; it closed the session. It counts. */
  override onPacket(packet: Packet) {
    if (packet.type !== "open" && packet.type !== "upgrade" && packet.type !== "noop") super.onPacket(packet)
    else if (this.readyState === "open") this.emitReserved("packet", packet)
  }

  /** Each pong before the first ping left one more timer running, and so one more ping. One is enough, started again, and none once it is closed. */
  override schedulePing() {
    if (this.readyState === "closed") return
    if (this.pingIntervalTimer) this.pingIntervalTimer.refresh()
    else super.schedulePing()
  }

  /** What waits for a client that does not read or poll had no limit. One packet of any size may wait alone. */
  override sendPacket(type: PacketType, data?: RawData) {
    if (this.queued > this.opts.backpressureLimit) return this.onClose("transport error")
    this.queued += sizeOf({ type, data })
    super.sendPacket(type, data)
  }

  /** All that waited was written at once, of which a slow reader's buffer took a part. It goes in portions, as the transport takes them. */
  override flush() {
    while (this.readyState !== "closed" && this.transport.writable && this.writeBuffer.length > 0) {
      const portion = this.takePortion()
      this.emitReserved("flush", portion)
      this.transport.send(portion)
      if (this.writeBuffer.length === 0) this.emitReserved("drain")
    }
  }

  private takePortion(): Packet[] {
    let size = 0
    const beyond = this.writeBuffer.findIndex((packet, index) => {
      size += sizeOf(packet)
      return index > 0 && size > PORTION
    })
    const portion = this.writeBuffer.splice(0, beyond < 0 ? this.writeBuffer.length : beyond)
    for (const packet of portion) this.queued -= sizeOf(packet)
    return portion
  }

  /**
   * A client between two polls was never told. The close packet now waits for its next poll, behind what else waits; a client that
   * does not come is given up by the heartbeat. With `discard`, as in socket.io's own engine, nothing is waited for.
   */
  override close(discard = false) {
    if (discard) return this.discard()
    if (this.readyState === "open" && this.transport.name === "polling") this.sendPacket("close")
    super.close()
  }

  /**
   * An upgrade that failed left the session unable to try again, a second probe left a timer running for ever, and a session that
   * ended meanwhile left the websocket open. Whatever ends an attempt now ends all of it.
   */
  override _maybeUpgrade(transport: Transport) {
    if (this.upgradeState !== "not_upgraded") return transport.close()
    this.upgradeState = "upgrading"
    let releasing: NodeJS.Timeout | undefined

    const settle = (state: "not_upgraded" | "upgraded") => {
      this.upgradeState = state
      clearTimeout(expiry)
      clearInterval(releasing)
      transport.off()
      this.off("close", abandon)
    }
    const abandon = () => {
      settle("not_upgraded")
      transport.close()
    }
    const expiry = setTimeout(abandon, this.opts.upgradeTimeout)
    this.once("close", abandon)
    transport.on("close", abandon)
    transport.on("packet", (packet) => {
      const { type, data } = packet
      this.emitReserved("packet", packet)
      if (this.readyState === "closed") return
      if (type === "ping" && data === "probe") {
        transport.send([{ type: "pong", data: "probe" }])
        this.releasePoll()
        clearInterval(releasing)
        releasing = setInterval(() => this.releasePoll(), RELEASE_INTERVAL)
        this.emitReserved("upgrading", transport)
      } else if (type === "upgrade") {
        settle("upgraded")
        this.releasePoll() // or closing the transport would tell the client that its session is over
        this.closeTransport()
        this.bindTransport(transport)
        this.emitReserved("upgrade", transport)
        this.flush()
      } else abandon()
    })
  }

  private discard() {
    const { transport } = this
    this.onClose("forced close")
    if (transport instanceof PacedWebSocket) transport.terminate()
  }

  private releasePoll() {
    if (this.transport.name === "polling" && this.transport.writable) this.transport.send([{ type: "noop" }])
  }
}

function sizeOf({ data }: Packet): number {
  return data === undefined ? 0 : Buffer.byteLength(data)
}
