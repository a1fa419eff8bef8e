// The client's side of the official suites: `fetch` and a bare websocket, which know of the server what it answers.
import { expect } from "bun:test"
import { until } from "../until.ts"
import { openSocket } from "./conversation.ts"

export const polling = (server: string, query: string) => `${server}/socket.io/?${query}`
export const websocket = (server: string, query: string) => polling(server, query).replace("http", "ws")

/** A session over polling. */
export async function openPolling(server: string) {
  const opened = await fetch(polling(server, "EIO=4&transport=polling"))
  const { sid } = JSON.parse((await opened.text()).slice(1))
  const url = polling(server, `EIO=4&transport=polling&sid=${sid}`)
  return {
    sid: sid as string,
    get: () => fetch(url),
    post: (body: string) => fetch(url, { method: "POST", body }),
    /** A poll that has reached the server and waits there. */
    async waitingPoll(init?: RequestInit) {
      const response = fetch(url, init)
      response.catch(() => {})
      await until(async () => (await fetch(`${server}/?sid=${sid}`)).json(), "the poll to reach the server")
      return { response }
    },
  }
}

/** A session over a websocket, with its open packet already read. */
export async function openWebSocket(server: string) {
  const socket = await openSocket(websocket(server, "EIO=4&transport=websocket"))
  expect(await socket.next()).toStartWith("0{")
  return socket
}

/** A websocket beside a polling session, whose probe is answered. */
export async function openProbe(server: string, sid: string) {
  const socket = await openSocket(websocket(server, `EIO=4&transport=websocket&sid=${sid}`))
  socket.send("2probe")
  expect(await socket.next()).toBe("3probe")
  return socket
}

/** What a websocket goes through until it is closed. */
export async function fateOf(url: string): Promise<string[]> {
  const fate: string[] = []
  const socket = new WebSocket(url)
  for (const type of ["open", "message"]) socket.addEventListener(type, () => fate.push(type))
  await new Promise<void>((resolve) => socket.addEventListener("close", () => resolve()))
  return [...fate, "close"]
}
