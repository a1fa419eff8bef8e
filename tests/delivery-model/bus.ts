import type { Announced, Bus, Message, Receiver } from "../../src/bus/bus.ts"
import { unavailable } from "./line.ts"
import type { Surroundings } from "./store.ts"
import type { Life } from "./time.ts"

/** Milliseconds from a publisher to the broker, and from there to a receiver. */
const WAY = 1

/** What is on its way: to whoever follows this educator, or to everybody. */
type Sent = { to?: number; give(receiver: Receiver): void }
type Subscriber = { life: Life; receiver: Receiver | undefined; follows: Set<number>; last: number }

/** A broker with Redis's habits: at most once, in order for each receiver unless told otherwise, and silent about what it drops. */
export type Broker = { connect(life: Life): Bus }

export function brokerOf({ time, faults, say }: Surroundings): Broker {
  let subscribers: Subscriber[] = []

  function carry(from: number, name: string, { to, give }: Sent) {
    subscribers = subscribers.filter(({ life }) => life.alive)
    for (const subscriber of subscribers) {
      const { process } = subscriber.life
      if (to !== undefined && !subscriber.follows.has(to)) continue
      const isCutOff = process !== from && faults.during("bus split", from)
      if (faults.during("bus deaf", process) || faults.during("bus drops", process) || isCutOff)
        say(`bus: ${name} does not reach P${process}`)
      else hand(subscriber, give)
    }
  }

  function hand(subscriber: Subscriber, giveTo: Sent["give"]) {
    const { life } = subscriber
    const give = () => life.enter(() => subscriber.receiver && giveTo(subscriber.receiver))
    const shuffled = faults.during("bus reorders", life.process)
    const late = shuffled?.by ?? faults.during("bus late", life.process)?.by ?? 0
    const at = shuffled ? time.now + WAY + late : Math.max(subscriber.last, time.now + WAY + late)
    if (!shuffled) subscriber.last = at
    time.after(at - time.now, give)
    const repeated = faults.during("bus repeats", life.process)
    if (repeated) time.after(at - time.now + (repeated.by ?? 0), give)
  }

  return {
    connect(life) {
      const subscriber: Subscriber = { life, receiver: undefined, follows: new Set(), last: 0 }
      const wanted = new Set<number>()
      const pause = (milliseconds: number) => new Promise<void>((done) => void life.after(milliseconds, done))
      subscribers.push(subscriber)

      async function send(name: string, sent: readonly Sent[]) {
        if (faults.during("publish fails", life.process)) {
          await pause(2 * WAY)
          say(`bus: P${life.process} cannot publish ${name}`)
          subscriber.receiver?.doubt()
          throw unavailable()
        }
        time.after(WAY, () => {
          for (const one of sent) carry(life.process, name, one)
        })
        await pause(2 * WAY)
      }

      return {
        deliver(receiver) {
          subscriber.receiver = receiver
        },
        publish(messages) {
          const copies = structuredClone(messages)
          const sent = copies.map((message): Sent => ({ to: message.educator, give: (to) => to.message(message) }))
          return send(messages.map(nameOf).join(", "), sent)
        },
        announce(announced) {
          const copy: Announced = structuredClone(announced)
          return send(`that ${copy.notice.eventId} is withdrawn`, [{ give: (to) => to.notice(copy) }])
        },
        async follow(educator) {
          wanted.add(educator)
          await pause(WAY + (faults.during("follow late", life.process)?.by ?? 0))
          if (wanted.has(educator)) subscriber.follows.add(educator)
        },
        unfollow(educator) {
          wanted.delete(educator)
          subscriber.follows.delete(educator)
        },
        get doubtful() {
          return faults.during("publish fails", life.process) !== undefined
        },
        async ping() {},
        async close() {
          subscriber.follows.clear()
        },
      }
    },
  }
}

const nameOf = (message: Message) => (message.kind === "recorded" ? message.notification.eventId : message.kind)
