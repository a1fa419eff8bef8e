import { describe, expect, test } from "bun:test"
import type { Notification } from "../../src/notification.ts"
import { EVENTS } from "../../src/wire.ts"
import { fakeClock } from "../fake-clock.ts"
import { draft } from "../history/drafts.ts"
import { until } from "../until.ts"
import { rig } from "./rig.ts"

type Rig = ReturnType<typeof rig>
type Client = ReturnType<Rig["connect"]>

const live = (client: Client) => until(() => client.counts().length > 0)
const keyOf = ({ source, eventId }: Notification) => ({ source, eventId })

/** Says that it was withdrawn from these, and erases it, as another process does whose message is lost. */
async function elsewhere({ store }: Rig, row: Notification) {
  await store.notices.post({ kind: "withdrawn", ...keyOf(row), educators: [row.educator] })
  await store.erase([row.id])
}
const message = ({ store }: Rig, notification: Notification) => {
  const { store: name, known } = store
  return { kind: "recorded" as const, educator: notification.educator, notification, store: name, known }
}

describe("what was withdrawn", () => {
  test("is not given when the bus brings a late copy of it", async () => {
    await using here = rig()
    const client = here.connect(42)
    await live(client)
    const [row, kept] = (await here.record([42], 2)) as [Notification, Notification]
    await here.withdrawals.withdraw(keyOf(row))
    await here.bus.publish([message(here, row), message(here, kept)])
    await until(() => client.ids().length > 0)
    expect(client.ids()).toEqual([kept.id])
  })

  test("is told, with the count that is left, to each socket of whom it was taken from", async () => {
    const clock = fakeClock()
    await using here = rig({ clock })
    const [one, another, stranger] = [here.connect(42), here.connect(42), here.connect(43)]
    await clock.pass(300)
    const rows = (await here.record([42], 2)) as [Notification, Notification]
    await here.bus.publish(rows.map((row) => message(here, row)))
    await clock.pass(300)
    for (const client of [one, another]) expect([client.ids().length, client.counts().at(-1)]).toEqual([2, 2])
    await here.withdrawals.withdraw(keyOf(rows[0]))
    await clock.pass(300)
    for (const client of [one, another]) {
      expect(client.refreshes()).toEqual([{ 이유: "withdrawn" }])
      const at = client.heard.findIndex(({ event }) => event === EVENTS.refresh)
      expect(client.events().slice(at)).toEqual([EVENTS.refresh, EVENTS.count])
      expect(client.counts().at(-1)).toBe(1)
    }
    expect(stranger.refreshes()).toEqual([])
  })

  test("is told once a second when much of it is, and of the last of it", async () => {
    const clock = fakeClock()
    await using here = rig({ clock })
    const client = here.connect(42)
    await clock.pass(300)
    const rows = (await here.record([42], 40)) as Notification[]
    for (const row of rows) await here.withdrawals.withdraw(keyOf(row))
    await clock.pass(100)
    expect(client.refreshes()).toHaveLength(1)
    await clock.pass(1_100)
    expect(client.refreshes()).toHaveLength(2)
    await clock.pass(3_000)
    expect([client.refreshes().length, client.counts().at(-1)]).toEqual([2, 0])
  })

  test("is told before a look into history hands over a mark, however much is", async () => {
    const clock = fakeClock()
    await using here = rig({ clock })
    const client = here.connect(42)
    await clock.pass(4_800)
    const rows = (await here.record([42], 2)) as [Notification, Notification]
    for (const row of rows) await here.withdrawals.withdraw(keyOf(row))
    // The look is due before the second is over.
    await clock.pass(400)
    expect(client.refreshes()).toHaveLength(2)
  })

  test("is told to a client that was away when it was, and not again", async () => {
    await using here = rig()
    const [row] = (await here.record([42])) as [Notification]
    const before = here.connect(42)
    await live(before)
    before.leave()
    await elsewhere(here, row)
    const back = here.connect(42, { offset: before.cursor() })
    await live(back)
    expect(back.refreshes()).toEqual([{ 이유: "withdrawn" }])
    back.leave()
    const again = here.connect(42, { offset: back.cursor() })
    await live(again)
    expect(again.refreshes()).toEqual([])
  })
})

describe("no watermark passes a notice that was not told:", () => {
  test("that of a look into history comes behind it", async () => {
    const clock = fakeClock()
    await using here = rig({ clock })
    const client = here.connect(42)
    await clock.pass(300)
    const [row] = (await here.record([42])) as [Notification]
    await elsewhere(here, row)
    await here.record([43])
    await clock.pass(6_000)
    // A count, to have the cursor that its client would come back with.
    const place = client.heard.findIndex(({ event }) => event === EVENTS.refresh)
    expect(place).toBeGreaterThan(0)
    const [other] = (await here.record([42])) as [Notification]
    await here.bus.publish([message(here, other)])
    await clock.pass(300)
    const back = here.connect(42, { offset: client.cursor() })
    await clock.pass(300)
    expect(back.refreshes()).toEqual([])
  })

  test("nor that of a burst", async () => {
    const clock = fakeClock()
    await using here = rig({ clock })
    const client = here.connect(42)
    await clock.pass(300)
    const [row] = (await here.record([42])) as [Notification]
    await elsewhere(here, row)
    // As many as would have it look how far it has everything.
    const burst = (await here.record([42], 300)) as Notification[]
    await here.bus.publish(burst.map((one) => message(here, one)))
    await until(() => client.ids().length === 300)
    expect(client.refreshes()).toEqual([])
    const back = here.connect(42, { offset: client.cursor() })
    await clock.pass(300)
    expect(back.refreshes()).toEqual([{ 이유: "withdrawn" }])
  })

  test("nor that of whoever returns while it is withdrawn, and breaks off before its process has heard of it", async () => {
    const clock = fakeClock()
    await using here = rig({ clock })
    const [row] = (await here.record([42])) as [Notification]
    const before = here.connect(42)
    await clock.pass(300)
    before.leave()
    const { since } = here.store
    here.history.since = async (query) => {
      here.history.since = since
      await elsewhere(here, row)
      return since(query)
    }
    const back = here.connect(42, { offset: before.cursor() })
    await clock.pass(300)
    back.leave()
    const again = here.connect(42, { offset: back.cursor() })
    await clock.pass(300)
    expect([...back.refreshes(), ...again.refreshes()]).toEqual([{ 이유: "withdrawn" }])
  })

  test("nor that of a burst during which it is withdrawn", async () => {
    const clock = fakeClock()
    await using here = rig({ clock })
    const client = here.connect(42)
    await clock.pass(300)
    const [row] = (await here.record([42])) as [Notification]
    // No more than would have it look: of what is not given yet, each holds the watermark back.
    const burst = (await here.record([42], 250)) as Notification[]
    const { since } = here.store
    here.history.since = async (query) => {
      here.history.since = since
      await elsewhere(here, row)
      return since(query)
    }
    await here.bus.publish(burst.map((one) => message(here, one)))
    await until(() => client.ids().length === 250)
    // The count brings the cursor that its client would come back with.
    await clock.pass(300)
    expect(client.counts().at(-1)).toBe(250)
    expect(client.refreshes()).toEqual([])
    const back = here.connect(42, { offset: client.cursor() })
    await clock.pass(300)
    expect(back.refreshes()).toEqual([{ 이유: "withdrawn" }])
  })
})

test("what cannot be looked for again holds up nothing else, and is looked for later", async () => {
  const clock = fakeClock()
  await using process = rig({ clock })
  const sent = draft([42])
  const key = { source: sent.event.source, eventId: sent.event.id }
  await process.withdrawals.withdraw(key)
  // The write of a process that died comes true.
  await process.store.record([sent])

  process.history.bearing = async () => {
    throw new Error("Too slow")
  }
  clock.advance(30_000)
  await process.withdrawals.catchUp()
  expect(process.failures).toEqual([new Error("Too slow")])

  process.history.bearing = process.store.bearing
  clock.advance(30_000)
  await process.withdrawals.catchUp()
  expect(await process.store.bearing([key])).toEqual([])
})
