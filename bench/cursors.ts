// How long the cursors of 10,000 notifications to one socket take to write, and how much they weigh: 1,000 a second for 10 s, where marks
// come as soon as a seat asks for one (a file), and every 5 s, 15 s behind (a replica set). Run by `npm run bench`.
import { MOST_IDS } from "../realtime/cursor.ts"
import { progressFrom } from "../realtime/progress.ts"
import { idAt } from "../src/id.ts"

const NOTIFICATIONS = 10_000
const START = Date.UTC(2026, 10, 25)

function run(raise: (had: ReturnType<typeof progressFrom>, position: number, index: number) => void) {
  const had = progressFrom({ store: "x7Kp2q9LmA", educator: 42, watermark: idAt(START) })
  let bytes = 0
  let longest = 0
  const begun = performance.now()
  for (let index = 0; index < NOTIFICATIONS; index++) {
    const position = idAt(START + index) + (index % 7)
    had.give({ id: position, position })
    const { length } = had.cursor(position)
    bytes += length
    longest = Math.max(longest, length)
    raise(had, position, index)
  }
  return { milliseconds: performance.now() - begun, bytes, longest }
}

const file = () =>
  run((had, position) => {
    if (had.given.size >= MOST_IDS / 2) had.raise(position)
  })
const replicaSet = () =>
  run((had, _, index) => {
    if (index % 5_000 === 0) had.raise(idAt(START + index - 15_000))
  })

for (const [name, bench] of Object.entries({ "on a file": file, "on a replica set": replicaSet })) {
  const runs = Array.from({ length: 5 }, bench)
  const times = runs.map(({ milliseconds }) => milliseconds.toFixed(0)).join(", ")
  const [{ bytes, longest } = { bytes: 0, longest: 0 }] = runs
  console.log(
    `${NOTIFICATIONS} cursors ${name}: ${times} ms; ${(bytes / 2 ** 20).toFixed(1)} MiB, the longest ${longest} bytes`,
  )
}
