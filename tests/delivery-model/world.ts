import { SETTLE } from "../../src/history/marks.ts"
import { brokerOf } from "./bus.ts"
import { chanceOf } from "./chance.ts"
import { check, type Violation } from "./checkers.ts"
import { type Client, clientOf } from "./client.ts"
import { fileStore } from "./file.ts"
import { lmsOf } from "./lms.ts"
import { processOf } from "./process.ts"
import { replicaStore } from "./replica-history.ts"
import { type Action, faultsOf, type Schedule, type What } from "./schedule.ts"
import type { Rules, Surroundings } from "./store.ts"
import { type Time, timeOf } from "./time.ts"

/** Milliseconds: everything is whole again by then, and everybody must have caught up by the end. */
const WHOLE = 90_000
const END = 230_000

export type Over = "replica set" | "file"
export type Options = { over: Over; rules?: Partial<Rules>; path?: string; telling?: boolean }

export type Result = { violations: Violation[]; log: string[]; given: number; refreshes: number; events: number }

/** Runs the product through a schedule, over one kind of storage, and judges what its clients were told. */
export async function simulate(schedule: Schedule, { over, rules, path, telling = false }: Options): Promise<Result> {
  const time = timeOf()
  const log: string[] = []
  const surroundings: Surroundings = {
    time,
    faults: faultsOf(schedule, time),
    chance: chanceOf(1),
    say: (line) => void (telling && log.push(`${(time.now / 1000).toFixed(3).padStart(8)}  ${line}`)),
    rules: { settle: SETTLE, causal: true, majority: true, listsFromPrimary: true, without: [], ...rules },
  }
  const wrong = wrongClocks(schedule, time)
  const store = over === "file" ? fileStore(surroundings, { path, wrong }) : replicaStore(surroundings)
  const broker = brokerOf(surroundings)
  const processes = Array.from({ length: schedule.processes }, (_, index) =>
    processOf(index, store, broker, surroundings),
  )
  const lms = lmsOf(processes, surroundings)
  const clients = new Map<number, Client>()

  const happening: Partial<Record<What, (action: Action) => void>> = {
    connect({ client = 0, educator = 1, process = 0 }) {
      const known = clients.get(client) ?? clientOf(client, educator, processes, surroundings)
      clients.set(client, known)
      known.connect(process)
    },
    vanish: ({ client = 0 }) => clients.get(client)?.vanish(),
    post: ({ event = "event", educators = [1], process = 0, tries = 99, by = 1 }) =>
      lms.post({ name: event, educators, events: by }, process, tries),
    withdraw: ({ event = "event", process = 0 }) => lms.withdraw(event, process),
    kill: ({ process = 0, lasting = 0 }) => processes[process]?.kill(lasting),
    freeze: ({ process = 0, lasting = 0 }) => processes[process]?.freeze(lasting),
    "primary leaps": ({ by = 0 }) => store.leap(by),
    rollback: () => store.depose(),
    deposed: () => store.depose(),
    prune: ({ by = 0 }) => store.prune(by),
  }

  for (const process of processes) process.start()
  for (const action of schedule.actions)
    time.after(action.at, () => {
      surroundings.say(`-- ${tell(action)}`)
      happening[action.what]?.(action)
    })
  time.after(WHOLE, () => {
    for (const process of processes) process.start()
  })
  time.after(WHOLE + 1_000, () => {
    for (const [index, client] of clients) client.connect(index)
  })
  const arrived = await time.until(END)

  const told = [...clients.values()].map((client) => client.told)
  const outcome = { told, rows: store.rows(), pruned: store.pruned, ...lms }
  await store.close()
  const unsettled = [...clients].filter(([, { settled }]) => !settled)
  return {
    violations: [
      ...check(outcome),
      ...unsettled.map(([client]): Violation => ({ what: "unsettled", client })),
      ...(arrived ? [] : [{ what: "runaway" } as const]),
    ],
    log,
    given: told.reduce((sum, { given }) => sum + given.length, 0),
    refreshes: told.reduce((sum, { begun }) => {
      return sum + begun.filter(({ reason }) => reason !== undefined && reason !== "withdrawn").length
    }, 0),
    events: time.events,
  }
}

/** Answers how far a process's clock is wrong by now, in milliseconds. */
function wrongClocks({ actions }: Schedule, time: Time): (process: number) => number {
  const steps = actions.filter(({ what }) => what === "clock steps")
  return (process) =>
    steps
      .filter((step) => step.process === process && step.at <= time.now)
      .reduce((sum, { by = 0 }) => sum + Math.round(by), 0)
}

function tell({ at: _, what, ...rest }: Action): string {
  return `${what} ${Object.entries(rest)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ")}`
}
