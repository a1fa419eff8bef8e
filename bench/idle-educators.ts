// What 10,000 educators cost who merely listen, each with a socket: how long a look into history takes in which nothing is new, as there is
// one every 5 s, and the longest that it holds up everything else. Run by `npm run bench`.
import { givingTo } from "../realtime/giving.ts"
import { lineOf } from "../realtime/line.ts"
import { looking } from "../realtime/look.ts"
import { positionReader } from "../realtime/position.ts"
import { openRoom } from "../realtime/room.ts"
import { seat } from "../realtime/seat.ts"
import { waitingItems } from "../realtime/waiting.ts"
import { inProcessBus } from "../src/bus/in-process.ts"
import { monotonic as clock } from "../src/clock.ts"
import { sqliteHistory } from "../src/history/sqlite.ts"
import { openWithdrawals } from "../src/withdrawals.ts"

const EDUCATORS = 10_000

const history = sqliteHistory({ path: ":memory:", fields: [] })
const report = (_: unknown, error: unknown) => console.error(error)
const { notices } = history
const bus = inProcessBus(console.error)
const withdrawals = openWithdrawals({ history, inbox: history, notices, upkeep: history, bus, clock, report })
const positions = positionReader({ history, notices, clock })
const needs = { history, inbox: history, positions, withdrawals, clock, report }
const rooms = Array.from({ length: EDUCATORS }, (_, educator) => {
  const connection = {
    id: String(educator),
    educator,
    language: "ko" as const,
    offset: undefined,
    emit() {},
    taken: () => undefined,
    drop() {},
  }
  const line = lineOf(connection, { history, present: async () => new Map(), delivered() {} })
  const room = openRoom(educator, 0, needs)
  const place = seat(connection, { ...needs, giving: givingTo(connection, line, needs), waiting: waitingItems() })
  room.seats.add(place)
  place.lapse()
  return room
})
const look = looking({ history, withdrawals, clock, answered() {} })

for (let round = 0; round < 7; round++) {
  let longest = 0
  let done = false
  const begun = performance.now()
  let last = begun
  look(rooms).then(() => {
    done = true
  })
  while (!done) {
    await new Promise(setImmediate)
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }
  console.log(
    `a look for ${EDUCATORS}: ${(last - begun).toFixed(0)} ms, others held up for ${longest.toFixed(1)} ms at most`,
  )
}
await history.close()
