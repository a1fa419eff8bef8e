import { expect, test } from "bun:test"
import { fakeClock } from "../fake-clock.ts"
import { draft } from "../history/drafts.ts"
import { rig } from "./rig.ts"

const EDUCATOR = 42
/** How often what is withdrawn is looked for again, in milliseconds. */
const SWEEP = 30_000

const keyOf = ({ event }: ReturnType<typeof draft>) => ({ source: event.source, eventId: event.id })

test("what cannot be looked for again holds up nothing else, and is looked for later", async () => {
  const clock = fakeClock()
  await using process = rig({ clock })
  const sent = draft([EDUCATOR])
  await process.withdrawals.withdraw(keyOf(sent))
  // The write of a process that died comes true.
  await process.store.record([sent])

  process.history.bearing = async () => {
    throw new Error("Too slow")
  }
  clock.advance(SWEEP)
  await process.withdrawals.catchUp()
  expect(process.failures).toEqual([new Error("Too slow")])

  process.history.bearing = process.store.bearing
  clock.advance(SWEEP)
  await process.withdrawals.catchUp()
  expect(await process.store.bearing([keyOf(sent)])).toEqual([])
})
