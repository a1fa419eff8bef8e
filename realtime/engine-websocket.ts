import { type BunSocket, type Packet, WS } from "./engine-inside.ts"

/** What may wait in Bun's own buffer before the session keeps the rest back, in bytes. */
const BUFFERED = 65_536

/** A websocket: the engine's own said that it takes more at once, whatever waited. It now says so when Bun does. */
export class PacedWebSocket extends WS {
  override send(packets: Packet[]) {
    super.send(packets)
    this.writable = this.takesMore()
  }

  /** For Bun to call when some of what waited has gone. */
  onDrain() {
    if (this.writable || !this.takesMore()) return
    this.writable = true
    this.emitReserved("drain")
  }

  /** Ends the connection without waiting for a reader that does not read. */
  terminate() {
    this.bunSocket?.terminate()
  }

  private takesMore(): boolean {
    const { bunSocket } = this
    return bunSocket?.readyState === WebSocket.OPEN && bunSocket.getBufferedAmount() < BUFFERED
  }

  private get bunSocket(): BunSocket | undefined {
    return (this as unknown as { socket?: BunSocket }).socket
  }
}
