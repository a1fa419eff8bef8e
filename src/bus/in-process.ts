import type { Bus, Listener } from "./bus.ts"

/** The embedded bus: carries messages within this process, at once. `report` is told of a listener that throws. */
export function inProcessBus(report: (error: unknown) => void): Bus {
  const listeners = new Map<number, Set<{ listener: Listener }>>()

  return {
    async publish(messages) {
      for (const message of messages)
        for (const { listener } of listeners.get(message.educator) ?? []) {
          try {
            listener(message)
          } catch (error) {
            report(error)
          }
        }
    },

    async subscribe(educator, listener) {
      const entry = { listener }
      const entries = listeners.get(educator) ?? new Set()
      listeners.set(educator, entries.add(entry))
      return async () => {
        entries.delete(entry)
        if (entries.size === 0 && listeners.get(educator) === entries) listeners.delete(educator)
      }
    },

    async ping() {},

    async close() {
      listeners.clear()
    },
  } satisfies Bus
}
