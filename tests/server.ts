import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client"
import { issueToken } from "../src/access-token.ts"
import { samplePage, sampleSchool } from "../src/directory/sample-school.ts"
import { createLog } from "../src/log.ts"
import { type Running, start } from "../src/server.ts"
import { readSettings } from "../src/settings.ts"
import { EVENTS, NAMESPACE, type WireNotification } from "../src/wire.ts"
import { MAIN, SETTINGS, startProgram } from "./program.ts"
import type { Runtime } from "./runtimes.ts"
import { until } from "./until.ts"

export const SOURCE_SECRET = "the-secret-of-the-university"

type Environment = Record<string, string>

/** A whole server on the embedded drivers and the sample school, on a free port and in a directory of its own. */
export function startServer(environment: Environment = {}) {
  return serving(environment, async (all) => {
    const settings = readSettings(all)
    const issue = (educator: number) => issueToken(educator, 3600, settings.tokens)
    const page = { school: samplePage, secret: SOURCE_SECRET, language: "ko", issueToken: issue }
    return start(settings, { log: createLog("silent"), demo: { page, directory: sampleSchool } })
  })
}

/** The same in a process of its own, on this runtime. */
export function startProcess({ command }: Pick<Runtime, "command">, environment: Environment = {}) {
  return serving(environment, async (all) => {
    const program = await startProgram([...command, MAIN, "demo"], all, /Allim demo: open (\S+)/)
    return {
      url: program.found,
      async stop() {
        const code = await program.end("SIGTERM")
        if (code !== 0) throw new Error(`It stopped with ${code}: ${program.log()}`)
      },
    }
  })
}

async function serving(more: Environment, start: (all: Environment) => Promise<Running>) {
  const dataDir = mkdtempSync(join(tmpdir(), "allim-"))
  const environment = { ...SETTINGS, DATA_DIR: dataDir, LOG_LEVEL: "silent", ...more }
  const { tokens } = readSettings(environment)
  const tokenOf = (educator: number, seconds = 3600) => issueToken(educator, seconds, tokens)
  const running = await start(environment)
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
    /** Takes an event back, as the university. */
    withdraw: (id: string) =>
      fetch(`${url}/events?id=${encodeURIComponent(id)}`, {
        method: "DELETE",
        headers: { Authorization: `Bearer ${SOURCE_SECRET}` },
      }),
    get: async (path: string, educator: number, headers: Record<string, string> = {}) =>
      fetch(url + path, { headers: { Authorization: `Bearer ${await tokenOf(educator)}`, ...headers } }),
    /** One sample of `/metrics`, by its name and labels. */
    async metric(name: string): Promise<number> {
      const text = await (await fetch(`${url}/metrics`)).text()
      const line = text.split("\n").find((line) => line.startsWith(`${name} `))
      return Number(line?.split(" ").at(-1))
    },
    async [Symbol.asyncDispose]() {
      await running.stop().finally(() => rmSync(dataDir, { recursive: true }))
    },
  }
}

export type Server = Awaited<ReturnType<typeof startServer>>

let made = 0

/** An event that nobody has posted before: Minsu hands in, and educators 42, 43 and 44 are to know. */
export function handIn(more: Record<string, unknown> = {}) {
  made += 1
  return {
    id: `hand-in-${made}`,
    type: "assignment.submitted",
    student: 7,
    educators: [42, 43, 44],
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
