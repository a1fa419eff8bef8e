// How many events a server takes in over HTTP in a second, alone and side by side, single and in batches. Run by `npm run bench`.
import { join } from "node:path"
import { serve, temporaryDirectory } from "../tests/program.ts"

const HEADERS = { Authorization: "Bearer the-secret-of-the-university", "Content-Type": "application/json" }
const SECONDS = 4

let events = 0
const event = () => ({
  id: `e-${events++}`,
  type: "assignment.submitted",
  student: 1 + (events % 5000),
  educators: [1 + (events % 500), 501 + (events % 300), 801 + (events % 200)],
  data: { assignmentId: 1 + (events % 300), courseId: 1 + (events % 50), late: events % 2 === 0 },
})

using folder = temporaryDirectory()
using server = await serve({ DATA_DIR: join(folder.path, "data"), SOURCE_RATE: "1000000" })

async function measure(batch: number, atOnce: number) {
  const end = performance.now() + SECONDS * 1000
  const begun = performance.now()
  let taken = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) {
        const body = JSON.stringify(batch === 1 ? event() : Array.from({ length: batch }, event))
        const answer = await fetch(`${server.url}/events`, { method: "POST", headers: HEADERS, body })
        if (answer.status !== 202) throw new Error(`It was answered with ${answer.status}`)
        await answer.arrayBuffer()
        taken += batch
      }
    }),
  )
  const rate = Math.round((taken * 1000) / (performance.now() - begun))
  console.log(`${batch} a request, ${atOnce} at once: ${rate} events in a second, to three educators each`)
}

for (const [batch, atOnce] of [
  [1, 1],
  [1, 64],
  [20, 8],
  [500, 1],
  [500, 8],
] as const)
  await measure(batch, atOnce)
await server.end("SIGTERM")
