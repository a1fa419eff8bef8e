import type { Event } from "../../src/event.ts"
import type { Process } from "./process.ts"
import type { Surroundings } from "./store.ts"

/** Milliseconds: an LMS's way to a process; how long it waits for an answer; until it tries again. */
const WAY = 1
const PATIENCE = 12_000
const AGAIN = 1_000

const SOURCE = "lms"

/** What is posted at once: so many events, for these educators. */
type Batch = { name: string; educators: readonly number[]; events: number }

/** An LMS that posts each event until it is told that it is recorded, to another process each time. */
export function lmsOf(processes: readonly Process[], { time, say }: Pick<Surroundings, "time" | "say">) {
  const acknowledged = new Set<string>()
  const done = new Set<string>()
  /** Events that it has begun to take back, and those that it was told are, and when. */
  const attempted = new Set<string>()
  const withdrawn = new Map<string, number>()

  function post(batch: Batch, to: number, tries: number) {
    const { name } = batch
    // What it has taken back it may well send again.
    if (done.has(name) && !attempted.has(name)) return
    let settled = false
    const settle = (accepted: boolean) => {
      if (settled) return
      settled = true
      if (accepted) {
        say(`LMS <- 202 for ${name}`)
        done.add(name)
        for (const { id } of eventsOf(batch)) acknowledged.add(id)
      } else if (tries > 1) time.after(AGAIN, () => post(batch, to + 1, tries - 1))
    }
    const process = processes[to % processes.length]
    if (!process?.memory) return settle(false)
    const { life, notify } = process.memory
    process.onEnd(() => settle(false))
    time.after(PATIENCE, () => settle(false))
    time.after(WAY, () =>
      life.enter(() =>
        notify(eventsOf(batch)).then(
          (outcomes) => time.after(WAY, () => settle(outcomes.every(({ status }) => status !== "failed"))),
          () => time.after(WAY, () => settle(false)),
        ),
      ),
    )
  }

  /** Takes the event back, and tries again until it is told that it is. */
  function withdraw(name: string, to: number) {
    attempted.add(name)
    let settled = false
    const settle = (done: boolean) => {
      if (settled) return
      settled = true
      if (!done) return time.after(AGAIN, () => withdraw(name, to + 1))
      say(`LMS <- 204 for ${name}`)
      withdrawn.set(name, time.now)
    }
    const process = processes[to % processes.length]
    if (!process?.memory) return settle(false)
    const { life, withdraw: take } = process.memory
    process.onEnd(() => settle(false))
    time.after(PATIENCE, () => settle(false))
    time.after(WAY, () =>
      life.enter(() =>
        take({ source: SOURCE, eventId: name }).then(
          () => time.after(WAY, () => settle(true)),
          () => time.after(WAY, () => settle(false)),
        ),
      ),
    )
  }

  return { acknowledged, attempted, withdrawn, post, withdraw }
}

function eventsOf({ name, educators, events }: Batch): Event[] {
  const occurredAt = "2026-09-21T00:00:00.000Z"
  return Array.from({ length: events }, (_, index) => {
    const id = index === 0 ? name : `${name}.${index}`
    return { source: SOURCE, id, type: "note", occurredAt, student: 7, educators, data: { event: id } }
  })
}
