import type { Bus, Receiver } from "./bus.ts"

/** The embedded bus: carries messages within this process, at once. `report` is told of a receiver that throws. */
export function inProcessBus(report: (error: unknown) => void): Bus {
  const followed = new Set<number>()
  let receiver: Receiver | undefined

  function hand(give: (receiver: Receiver) => void) {
    try {
      if (receiver) give(receiver)
    } catch (error) {
      report(error)
    }
  }

  return {
    deliver(to) {
      receiver = to
    },
    async publish(messages) {
      for (const message of messages) if (followed.has(message.educator)) hand((to) => to.message(message))
    },
    async announce(announced) {
      hand((to) => to.notice(announced))
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
