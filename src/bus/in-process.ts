import type { Bus, Message, Receiver } from "./bus.ts"

/** The embedded bus: carries messages within this process, at once. `report` is told of a receiver that throws. */
export function inProcessBus(report: (error: unknown) => void): Bus {
  const followed = new Set<number>()
  let receiver: Receiver | undefined

  function hand(message: Message) {
    if (!followed.has(message.educator)) return
    try {
      receiver?.message(message)
    } catch (error) {
      report(error)
    }
  }

  return {
    deliver(to) {
      receiver = to
    },
    async publish(messages) {
      for (const message of messages) hand(message)
    },
    async follow(educator) {
      followed.add(educator)
    },
    unfollow: (educator) => void followed.delete(educator),
    doubtful: false,
    async ping() {},
    async close() {
      followed.clear()
    },
  } satisfies Bus
}
