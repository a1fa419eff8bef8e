import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import type { Duplex } from "node:stream"
import { getRequestListener, RequestError } from "@hono/node-server"
import { Server as Engine, type Socket as Session } from "engine.io"
import { preflightHeaders } from "../preflight.ts"
import { listenerAnew } from "./anew.ts"
import {
  cannotListen,
  IDLE,
  isHost,
  type Listen,
  NAMELESS,
  SOCKET_PATH,
  turnedAway,
  urlOf,
  withoutDetail,
} from "./runtime.ts"

/** What may wait for a client that does not read, in bytes, before it is closed: 1 MiB, as on Bun. */
const BACKPRESSURE_LIMIT = 1_048_576

/** What a connection that is kept alive is not closed by, in milliseconds: the wait for a next request, and then for all of its headers. */
export const KEEP_ALIVE = { keepAliveTimeout: IDLE * 1000, headersTimeout: IDLE * 1000 + 5_000 }

/** How long a new connection may keep its first request waiting, in milliseconds: 10 s, as on Bun. */
const FIRST_REQUEST = 10_000

/** The headers of what a page of another origin is answered. */
const FORBIDDEN = { "cache-control": "no-store", vary: "Origin", "content-type": "application/json" }

/** How often a closing server looks for idle connections, in milliseconds. */
const SWEEP = 50

/** Serves with `node:http` and socket.io's own engine: on Node 22 or later, and on Deno, which has both. */
export const listen: Listen = async (application) => {
  const { host, port, io, heartbeat, allowOrigin, connections, descriptors, exceeded, fetch, report } = application
  const isAllowed = ({ headers }: IncomingMessage) => allowOrigin(headers.origin, headers.host ?? null)
  const engine = new Engine({
    ...heartbeat,
    cors: (request, answer) => answer(null, { origin: isAllowed(request as IncomingMessage), credentials: true }),
    allowRequest: (request, answer) => answer(isAllowed(request) ? null : "Forbidden", isAllowed(request)),
  })
  engine.on("connection", closeWhenStuck)
  engine.on("connection", closeWhenAsked)
  engine.on("connection", (session: Session) => {
    connections.open(session)
    countAll(session, connections.rate)
  })
  io.bind(engine)

  const isOurs = ({ url = "" }: IncomingMessage) => url.split("?", 1)[0] === SOCKET_PATH
  const answer = getRequestListener(fetch, {
    hostname: NAMELESS,
    overrideGlobalObjects: false,
    errorHandler(error) {
      // What cannot be made a request of, such as a path that is no URL, is the client's mistake.
      if (error instanceof RequestError) return new Response(null, { status: 400 })
      report(error)
      return withoutDetail()
    },
  })
  const late = new WeakSet<Duplex>()
  const isTurnedAway = (request: IncomingMessage) =>
    late.has(request.socket) || (isOurs(request) && isHandshake(request) && !connections.admit())
  const server = createServer(KEEP_ALIVE, (request, response) => {
    request.socket.setTimeout(0)
    if (!isSound(request)) response.writeHead(400, { Connection: "close", "Content-Length": 0 }).end()
    else if (isOurs(request) && request.method === "OPTIONS") preflight(request, response, isAllowed(request))
    else if (isTurnedAway(request)) turnAway(response)
    else if (isOurs(request)) engine.handleRequest(request as never, response)
    else answer(request, response)
  })
  server.on("upgrade", (request, socket, head) => {
    if (!isSound(request)) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    else if (!isOurs(request)) socket.destroy()
    else if (isTurnedAway(request)) turnAwayUpgrade(socket)
    else engine.handleUpgrade(request as never, socket as never, head)
  })

  server.listen(port, host)
  await once(server, "listening").catch((error) => {
    throw cannotListen(error, host, port)
  })
  const { port: taken } = server.address() as AddressInfo
  const anew = listenerAnew({ ...application, server, port: taken })
  server.on("connection", (socket: Socket) => {
    socket.setTimeout(FIRST_REQUEST)
    const exhausted = descriptors.exhausted()
    if (!exhausted && !descriptors.crowded()) return
    exceeded("descriptors")
    late.add(socket)
    if (!exhausted) return
    socket.destroy()
    anew.soon()
  })
  return {
    url: urlOf(host, taken),
    async close() {
      anew.never()
      const closed = once(server, "close")
      server.close()
      // Again and again: a connection that is answered from now on stays open, too, until it is found idle.
      const closing = setInterval(() => server.closeIdleConnections(), SWEEP)
      await closed
      clearInterval(closing)
    },
    async abort() {
      engine.close()
      server.closeAllConnections()
    },
  }
}

/** Answered here: the engine's own answer allows a page whatever it asks for, and tells a page of another origin of a mistake of its own. */
function preflight({ headers }: IncomingMessage, response: ServerResponse, allowed: boolean) {
  if (allowed)
    response.writeHead(204, preflightHeaders(headers.origin, headers["access-control-request-headers"])).end()
  else response.writeHead(403, FORBIDDEN).end(JSON.stringify({ code: 4, message: "Forbidden" }))
}

/** `headers` has the first of two hosts only. Node refuses HTTP/1.1 without any by itself, Deno does not. */
function isSound({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "host")
  return hosts.length === 0 ? httpVersion === "1.0" : hosts.length === 1 && isHost(hosts[0] ?? "")
}

/** A request that names no session opens one. */
function isHandshake({ url = "" }: IncomingMessage): boolean {
  return !new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("sid")
}

function turnAway(response: ServerResponse) {
  response.writeHead(turnedAway.status, turnedAway.headers).end(turnedAway.body)
}

function turnAwayUpgrade(socket: Duplex) {
  const headers = Object.entries(turnedAway.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${turnedAway.status} Service Unavailable\r\n${headers.join("")}\r\n${turnedAway.body}`)
}

type Transport = Session["transport"]

/** Has a session count what it would not: packets of a websocket that it may upgrade to. What a body holds beyond `rate` is not parsed. */
function countAll(session: Session, rate: number) {
  const { transport } = session as unknown as { transport: Transport & { onData(data: string): void } }
  const { onData } = transport
  if (transport.name === "polling")
    transport.onData = (data) => onData.call(transport, data.split("\x1e", rate + 1).join("\x1e"))

  let probing: Transport | undefined
  const count = (packet: unknown) => session.emit("packet", packet)
  session.on("upgrading", (transport: Transport) => {
    if (probing === transport) return
    probing = transport
    transport.on("packet", count)
  })
  session.on("upgrade", () => probing?.off("packet", count))
}

/** Counts what waits in a session, since its transport was last ready for more. One packet of any size may wait alone. */
function closeWhenStuck(session: Session) {
  let waiting = 0
  session.on("packetCreate", ({ data = "" }: { data?: string | Uint8Array }) => {
    if (waiting > BACKPRESSURE_LIMIT) session.close(true)
    waiting += Buffer.byteLength(data)
  })
  session.on("drain", () => {
    waiting = 0
  })
}

/** A close packet over a websocket was passed over: the session stayed until its heartbeat ended. */
function closeWhenAsked(session: Session) {
  session.on("packet", ({ type }: { type: string }) => {
    if (type === "close") session.close(true)
  })
}
