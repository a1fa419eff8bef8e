// What 30,000 handshakes cost that never connect: the memory of a server in a process of its own, and how long until it has forgotten them.
// Run by `npm run bench`, on Linux.
import { readFileSync } from "node:fs"
import { serve, temporaryDirectory } from "../tests/program.ts"

const HANDSHAKES = 30_000
const AT_ONCE = 64

using directory = temporaryDirectory()
using server = await serve({ DATA_DIR: directory.path, LOG_LEVEL: "info" })
const megabytes = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, "utf8"))?.[1]) / 1024
const handshake = () => fetch(`${server.url}/socket.io/?EIO=4&transport=polling`)
const sids: string[] = []
const refused = new Map<number, number>()

async function shakeHands() {
  while (left-- > 0) {
    const answer = await handshake()
    const text = await answer.text()
    if (answer.ok) sids.push(JSON.parse(text.slice(1)).sid)
    else refused.set(answer.status, (refused.get(answer.status) ?? 0) + 1)
  }
}

async function alive(sid: string) {
  const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, {
    method: "POST",
    body: "6",
  })
  return answer.ok
}

for (let i = 0; i < 200; i++) await (await fetch(`${server.url}/health/live`)).text()
const before = megabytes()
let left = HANDSHAKES
const begun = performance.now()
await Promise.all(Array.from({ length: AT_ONCE }, shakeHands))
const seconds = () => ((performance.now() - begun) / 1000).toFixed(1)
console.log(`${HANDSHAKES} handshakes in ${seconds()} s: ${sids.length} taken, refused ${JSON.stringify([...refused])}`)
console.log(`${before.toFixed(0)} MB before, ${megabytes().toFixed(0)} MB after`)
const last = sids.at(-1) ?? ""
let most = megabytes()
while (await alive(last)) {
  most = Math.max(most, megabytes())
  await Bun.sleep(250)
}
console.log(
  `the last is forgotten ${seconds()} s after the first; at most ${most.toFixed(0)} MB, now ${megabytes().toFixed(0)} MB`,
)
await server.end("SIGTERM")
