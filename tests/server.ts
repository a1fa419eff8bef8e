import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client"
import { issueToken } from "../src/access-token.ts"
import { samplePage, sampleSchool } from "../src/directory/sample-school.ts"
import { createLog } from "../src/log.ts"
import { start } from "../src/server.ts"
import { readSettings } from "../src/settings.ts"
import { EVENTS, NAMESPACE, type WireNotification } from "../src/wire.ts"
import { until } from "./until.ts"

export const SOURCE_SECRET = "the-secret-of-the-university"

/** A whole server on the embedded drivers and the sample school, on a free port and in a directory of its own. */
export async function startServer(environment: Record<string, string> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "allim-"))
  const settings = readSettings({
    PORT: "0",
    HOST: "127.0.0.1",
    DATA_DIR: dataDir,
    EDUCATOR_TOKEN_SECRET: "a-secret-of-thirty-two-characters",
    SOURCES: `university:${SOURCE_SECRET}`,
    LOG_LEVEL: "silent",
    ...environment,
  })
  const tokenOf = (educator: number, seconds = 3600) => issueToken(educator, seconds, settings.tokens)
  const page = { school: samplePage, secret: SOURCE_SECRET, language: "ko", issueToken: tokenOf }
  const running = await start(settings, { log: createLog("silent"), demo: { page, directory: sampleSchool } })
  const { url } = running

  return {
    url,
    dataDir,
    tokenOf,
    /** Posts one event, or an array of them, as the university. */
    post: (events: unknown) =>
      fetch(`${url}/events`, {
        method: "POST",
        headers: { Authorization: `Bearer ${SOURCE_SECRET}`, "Content-Type": "application/json" },
        body: JSON.stringify(events),
      }),
    get: async (path: string, educator: number, headers: Record<string, string> = {}) =>
      fetch(url + path, { headers: { Authorization: `Bearer ${await tokenOf(educator)}`, ...headers } }),
    async [Symbol.asyncDispose]() {
      await running.stop()
      rmSync(dataDir, { recursive: true })
    },
  }
}

export type Server = Awaited<ReturnType<typeof startServer>>

let made = 0

/** An event that nobody has posted before: Minsu hands in, whom educators 42, 43 and 44 teach. */
export function handIn(more: Record<string, unknown> = {}) {
  made += 1
  return {
    id: `hand-in-${made}`,
    type: "assignment.submitted",
    student: 7,
    data: { assignmentId: 9, courseId: 3 },
    ...more,
  }
}

type Options = Partial<ManagerOptions & SocketOptions>

/** The stock client, as an educator's browser runs it, and everything it has heard. */
export function connect(url: string, options: Options = {}) {
  const socket: Socket = io(url + NAMESPACE, {
    forceNew: true,
    reconnectionDelay: 20,
    reconnectionDelayMax: 100,
    ...options,
  })
  const heard: { event: string; args: unknown[] }[] = []
  socket.onAny((event, ...args) => heard.push({ event, args }))
  const of = (event: string) => heard.filter((one) => one.event === event).map(({ args }) => args)
  return {
    socket,
    heard,
    notifications: () => of(EVENTS.notification).map(([notification]) => notification as WireNotification),
    counts: () => of(EVENTS.count).map(([count]) => (count as { 안읽은_수: number }).안읽은_수),
    reads: () => of(EVENTS.read).map(([read]) => read),
    refreshes: () => of(EVENTS.refresh).map(([refresh]) => refresh),
    /** The cursor that came last with anything. */
    cursor: () => heard.map(({ args }) => args.at(-1)).findLast((arg) => typeof arg === "string"),
    /** Connected, replayed and counted: everything from now on is live. */
    live: () => until(() => of(EVENTS.count).length > 0, "the count that follows a connection"),
    [Symbol.dispose]: () => void socket.disconnect(),
  }
}

/** An educator's client that is live. */
export async function listen(server: Server, educator: number, options: Options = {}) {
  const client = connect(server.url, { auth: { token: await server.tokenOf(educator) }, ...options })
  await client.live()
  return client
}
