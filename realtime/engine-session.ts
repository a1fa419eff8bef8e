import {
  BaseSocket,
  type EngineSettings,
  type HandshakeRequestReference,
  type Packet,
  type PacketType,
  type RawData,
  type Transport,
} from "./engine-inside.ts"

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

  /** A packet that only a server sends, or that comes late after an upgrade, means nothing; it closed the session. */
  override onPacket(packet: Packet) {
    if (packet.type !== "open" && packet.type !== "upgrade" && packet.type !== "noop") super.onPacket(packet)
  }

  /** Each pong before the first ping left one more timer running, and so one more ping. One is enough, started again. */
  override schedulePing() {
    if (this.pingIntervalTimer) this.pingIntervalTimer.refresh()
    else super.schedulePing()
  }

  /** What waits for a client that does not poll had no limit. As on a websocket, one packet of any size may wait alone. */
  override sendPacket(type: PacketType, data?: RawData) {
    if (this.writeBuffer.length === 0) this.queued = 0
    if (this.queued > this.opts.backpressureLimit) return this.onClose("transport error")
    this.queued += data === undefined ? 0 : Buffer.byteLength(data)
    super.sendPacket(type, data)
  }

  /**
   * A client between two polls was never told. The close packet now waits for its next poll, behind what else waits; a client that
   * does not come is given up by the heartbeat.
   */
  override close() {
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
    transport.on("packet", ({ type, data }) => {
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

  private releasePoll() {
    if (this.transport.name === "polling" && this.transport.writable) this.transport.send([{ type: "noop" }])
  }
}
