import { expect, test } from "bun:test"
import { issueToken } from "../src/access-token.ts"
import { SETTINGS, serve, temporaryDirectory } from "./program.ts"
import { connect, handIn } from "./server.ts"
import { until } from "./until.ts"

const token = await issueToken(42, 3600, { keys: { secrets: [SETTINGS.EDUCATOR_TOKEN_SECRET] }, claim: "userIndex" })

const post = (url: string, event: unknown) =>
  fetch(`${url}/events`, {
    method: "POST",
    headers: { Authorization: "Bearer the-secret-of-the-university", "Content-Type": "application/json" },
    body: JSON.stringify(event),
  })

async function listed(url: string): Promise<string[]> {
  const response = await fetch(`${url}/notifications`, { headers: { Authorization: `Bearer ${token}` } })
  const { items } = (await response.json()) as { items: { 상세: { mark: string } }[] }
  return items.map(({ 상세 }) => 상세.mark)
}

/** Posts, kills the process the moment the 202 is there, and tells what a new process on `after` lists. */
async function crash(before: string, after: string): Promise<string[]> {
  const server = await serve({ DATA_DIR: before })
  const response = await post(server.url, handIn({ educators: [42], data: { assignmentId: 9, mark: "told" } }))
  const died = server.end("SIGKILL")
  expect(response.status).toBe(202)
  await died
  const next = await serve({ DATA_DIR: after })
  try {
    return await listed(next.url)
  } finally {
    await next.end("SIGTERM")
  }
}

test("an event that was answered with 202 survives kill -9 the moment after", async () => {
  using directory = temporaryDirectory()
  expect(await crash(directory.path, directory.path)).toEqual(["told"])
})

test("(control) on another directory it is not there: the list comes from disk, not from anywhere else", async () => {
  using directory = temporaryDirectory()
  using other = temporaryDirectory()
  expect(await crash(directory.path, other.path)).toEqual([])
})

test("posted again after the crash it is a duplicate, and the educator's client, which never noticed, has it once", async () => {
  using directory = temporaryDirectory()
  const server = await serve({ DATA_DIR: directory.path })
  const { port } = new URL(server.url)
  using client = connect(server.url, { auth: { token }, transports: ["websocket"] })
  await client.live()
  const event = handIn({ educators: [42], data: { assignmentId: 9, mark: "once" } })
  await post(server.url, event)
  await server.end("SIGKILL")
  await until(() => !client.socket.connected)

  const next = await serve({ DATA_DIR: directory.path, PORT: port })
  try {
    expect(await (await post(next.url, event)).json()).toMatchObject({ duplicates: 1 })
    await post(next.url, handIn({ educators: [42], data: { assignmentId: 9, mark: "after" } }))
    await until(() => client.notifications().length >= 2)
    expect(client.notifications().map(({ 상세 }) => 상세.mark)).toEqual(["once", "after"])
  } finally {
    await next.end("SIGTERM")
  }
})
