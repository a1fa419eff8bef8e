import { openDelivery } from "../../realtime/delivery.ts"
import type { Bus } from "../../src/bus/bus.ts"
import { sleep } from "../../src/clock.ts"
import type { Notification } from "../../src/notification.ts"
import { type Notify, notifier } from "../../src/notify.ts"
import type { Presented } from "../../src/wire.ts"
import type { Withdrawals } from "../../src/withdrawals.ts"
import type { Broker } from "./bus.ts"
import { withdrawalsWithout } from "./cures.ts"
import { unavailable } from "./line.ts"
import type { Reach, Store, Surroundings } from "./store.ts"
import { type Life, lifeOf } from "./time.ts"

type Connection = Parameters<ReturnType<typeof openDelivery>["enter"]>[0]

/** What is in memory while a process lives. */
type Memory = {
  life: Life
  list: Withdrawals["inbox"]["list"]
  withdraw: Withdrawals["withdraw"]
  notify: Notify
  enter(connection: Connection): () => void
}

/** A process that runs the product: whatever it holds is gone when it is killed. */
export type Process = {
  readonly memory: Memory | undefined
  start(): void
  /** Breaks every socket and request, and starts again after so long. */
  kill(restart: number): void
  freeze(milliseconds: number): void
  /** Runs it when this life ends. */
  onEnd(run: () => void): void
}

export function processOf(index: number, store: Store, broker: Broker, surroundings: Surroundings): Process {
  const { time, say, rules } = surroundings
  let memory: Memory | undefined
  let ends: (() => void)[] = []

  function start() {
    if (memory) return
    say(`P${index} starts`)
    const life = lifeOf(time, index)
    const history = store.reach(life)
    const bus = broker.connect(life)
    const { withdraw, record, list, delivered } = withdrawalsWithout(rules.without, history, bus, life)
    const delivery = openDelivery({
      ...delivered,
      inbox: history,
      bus,
      clock: life,
      present: (notifications) => present(notifications, life, surroundings),
      delivered() {},
      stranger() {},
      report() {},
    })
    memory = { life, list, withdraw, notify: notifyOver(history, record, bus), enter: delivery.enter }
  }

  return {
    get memory() {
      return memory
    },
    start,
    kill(restart) {
      if (!memory) return
      say(`P${index} is killed`)
      memory.life.end()
      memory = undefined
      const gone = ends
      ends = []
      for (const end of gone) end()
      time.after(restart, start)
    },
    freeze(milliseconds) {
      if (memory) say(`P${index} freezes for ${milliseconds} ms`)
      memory?.life.freeze(milliseconds)
    },
    onEnd(run) {
      ends.push(run)
    },
  }
}

async function present(notifications: readonly Notification[], life: Life, { faults }: Surroundings) {
  const slow = faults.during("presenting slow", life.process)?.by
  if (slow) await sleep(life, slow)
  if (faults.during("presenting fails", life.process)) throw unavailable()
  return notifications.map(
    (notification): Presented => ({ notification, student: null, title: "", body: "", detail: notification.data }),
  )
}

function notifyOver(history: Reach, record: Withdrawals["record"], bus: Bus): Notify {
  return notifier({
    record,
    history,
    bus,
    recipientsOf: async () => [],
    metrics: { recorded: { inc() {} } } as never,
    report() {},
    // A turn of the real world's has no place in this one.
    turns: async (items, act) => items.map(act),
  })
}
