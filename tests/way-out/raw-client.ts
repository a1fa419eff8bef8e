import { expect } from "bun:test"

/** A client that speaks Socket.IO over polling, packet by packet; every call of `say` is one request. */
export async function rawClient({ url }: { url: string }) {
  const at = `${url}/socket.io/?EIO=4&transport=polling`
  const opened = await fetch(at)
  const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string }
  const heard: string[] = []
  const post = (body: string) => fetch(`${at}&sid=${sid}`, { method: "POST", body })
  return {
    post,
    poll: () => fetch(`${at}&sid=${sid}`),
    say: (...packets: string[]) => post(packets.map((packet) => `4${packet}`).join("\x1e")),
    /** The next Socket.IO packet. */
    async hear(): Promise<string> {
      while (heard.length === 0) {
        const packets = (await (await fetch(`${at}&sid=${sid}`)).text()).split("\x1e")
        heard.push(...packets.filter((packet) => packet !== "6"))
      }
      return heard.shift()?.replace(/^4/, "") ?? ""
    },
    /** Polls until the session is over, however it was told. */
    async ended() {
      for (;;) {
        const answer = await fetch(`${at}&sid=${sid}`)
        if (!answer.ok) return expect(answer.status).toBe(400)
        await answer.text()
      }
    },
    async [Symbol.asyncDispose]() {
      await post("1")
    },
  }
}
