/**
 * The classes of `@socket.io/bun-engine` with the private members that our corrections stand on. The package is pinned: whoever
 * raises its version starts here, and with `tests/protocol`.
 */

import { Server, type ServerOptions, type WebSocketData } from "@socket.io/bun-engine"
import type { Packet, PacketType, RawData } from "@socket.io/bun-engine/dist/parser.js"
import { type CloseReason, type HandshakeRequestReference, Socket } from "@socket.io/bun-engine/dist/socket.js"
import { Polling } from "@socket.io/bun-engine/dist/transports/polling.js"

export { Parser } from "@socket.io/bun-engine/dist/parser.js"
export { WS } from "@socket.io/bun-engine/dist/transports/websocket.js"

/** What the corrected classes read from their settings; sizes in bytes, times in milliseconds. */
export type EngineSettings = ServerOptions & {
  /** What may wait for a client that does not fetch it, before its session is closed. */
  backpressureLimit: number
  /** Whether another session may be opened. */
  admit(): boolean
}

export type Transport = {
  readonly name: string
  readonly writable: boolean
  send(packets: Packet[]): void
  close(): void
  on(event: "packet", listener: (packet: Packet) => void): void
  on(event: "close", listener: () => void): void
  off(): void
}

type InnerSocket = {
  readonly id: string
  readonly opts: EngineSettings
  readyState: "opening" | "open" | "closing" | "closed"
  upgradeState: "not_upgraded" | "upgrading" | "upgraded"
  transport: Transport
  writeBuffer: Packet[]
  pingIntervalTimer?: NodeJS.Timeout
  once(event: "close", listener: () => void): void
  off(event: "close", listener: () => void): void
  emitReserved(event: "upgrading" | "upgrade", transport: Transport): void
  emitReserved(event: "flush", packets: readonly Packet[]): void
  emitReserved(event: "drain"): void
  emitReserved(event: "packet", packet: Packet): void
  bindTransport(transport: Transport): void
  closeTransport(): void
  flush(): void
  onPacket(packet: Packet): void
  onClose(reason: CloseReason): void
  schedulePing(): void
  sendPacket(type: PacketType, data?: RawData): void
  close(discard?: boolean): void
  _maybeUpgrade(transport: Transport): void
}

type InnerPolling = Transport & {
  readonly opts: EngineSettings
  readonly readyState: "open" | "closing" | "closed"
  onRequest(request: Request, headers: Headers): Promise<Response>
  onDataRequest(request: Request, headers: Headers): Promise<Response>
  onPacket(packet: Packet): void
  onError(message: string): void
}

/** Nothing once the connection has become a websocket. */
type Answer = Response | Promise<Response> | undefined

type InnerServer = Omit<Server, "opts" | "handleRequest" | "close" | "handler"> & {
  readonly opts: EngineSettings
  readonly clients: Map<string, InnerSocket>
  emitReserved(event: "connection", session: InnerSocket, request: Request): void
  handleRequest(request: Request, server: Bun.Server<WebSocketData>): Answer
  handshake(request: Request, server: Bun.Server<WebSocketData>, url: URL, headers: Headers): Answer
  close(): void
}

/** Bun's side of a websocket. */
export type BunSocket = Pick<Bun.ServerWebSocket, "readyState" | "getBufferedAmount" | "terminate">

export type { HandshakeRequestReference, Packet, PacketType, RawData }

export const BaseSocket = Socket as unknown as new (
  id: string,
  settings: EngineSettings,
  transport: Transport,
  request: HandshakeRequestReference,
) => InnerSocket

export const BasePolling = Polling as unknown as new (settings: EngineSettings) => InnerPolling

export const BaseServer = Server as unknown as new (settings: EngineSettings) => InnerServer
