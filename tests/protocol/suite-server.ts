// What an official suite is held against, served as this project serves, on whichever runtime runs this file: `engine` or `socket`.
// The line that it prints says where.
import { Server } from "socket.io"
import type { Application, Listen } from "../../realtime/runtimes/runtime.ts"
import { unlimited } from "../unlimited.ts"
import { type Addresses, OFFICIAL } from "./official.ts"

/** As far as both engines agree. */
type Engine = { on(event: "connection", listener: (session: Session) => void): void }
type Session = {
  id: string
  transport: { writable: boolean }
  write(data: string | Uint8Array): void
  on(event: "data", listener: (data: string | Uint8Array) => void): void
}

const { listen }: { listen: Listen } = await (typeof Bun === "undefined"
  ? import("../../realtime/runtimes/node.ts")
  : import("../../realtime/runtimes/bun.ts"))

const { connectTimeout, ...heartbeat } = OFFICIAL
const bind = process.argv[2] === "engine" ? () => echo : answers
const addresses: Addresses = {
  official: await serve(bind({ connectTimeout }), heartbeat),
  beating: await serve(bind(), { ...heartbeat, pingTimeout: 20_000 }),
  patient: await serve(bind()),
}
console.log(JSON.stringify(addresses))

async function serve(bind: (engine: Engine) => void, heartbeat?: Application["heartbeat"]): Promise<string> {
  const sessions = new Map<string, Session>()
  const io = {
    bind(engine: Engine) {
      bind(engine)
      engine.on("connection", (session) => sessions.set(session.id, session))
    },
  }
  /** Tells whether the session of this name has a poll that waits. */
  const fetch = ({ url }: Request) => {
    const session = sessions.get(new URL(url).searchParams.get("sid") ?? "")
    return Response.json(session?.transport.writable ?? false)
  }
  const allowOrigin = () => true
  const bound = {
    host: "127.0.0.1",
    port: 0,
    maxBody: 2_000_000,
    heartbeat,
    allowOrigin,
    fetch,
    report: console.error,
    ...unlimited(),
  }
  return (await listen({ ...bound, io: io as never })).url
}

/** Every message comes back. */
function echo(engine: Engine) {
  engine.on("connection", (session) => session.on("data", (data) => session.write(data)))
}

/** The reference server of the Socket.IO suite. */
function answers(options: { connectTimeout?: number } = {}) {
  const io = new Server(options)
  for (const namespace of [io.of("/"), io.of("/custom")])
    namespace.on("connection", (socket) => {
      socket.emit("auth", socket.handshake.auth)
      socket.on("message", (...args) => socket.emit("message-back", ...args))
      socket.on("message-with-ack", (...args) => args.pop()(...args))
    })
  return (engine: Engine) => void io.bind(engine as never)
}
