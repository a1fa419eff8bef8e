import type { Bus } from "./bus/bus.ts"
import type { Directory } from "./directory/directory.ts"
import type { Event } from "./event.ts"
import type { History, Recorded } from "./history/history.ts"
import type { Metrics } from "./metrics.ts"

type Needs = {
  directory: Pick<Directory, "educatorsOf">
  history: Pick<History, "record">
  bus: Pick<Bus, "publish">
  metrics: Pick<Metrics, "recorded">
  /** Told of a failed publish, which nobody waits for: history is the truth, and delivery catches up from it. */
  report(stage: "publish", error: unknown): void
}

export type Notify = (events: readonly Event[]) => Promise<Recorded[]>

/** The way of an event: find who is to be told, record, then publish what was recorded. Answers one outcome for each event, in order. */
export function notifier({ directory, history, bus, metrics, report }: Needs): Notify {
  return async (events) => {
    const drafts = await withRecipients(events, directory)
    const recorded = await history.record(drafts)
    const messages = recorded
      .flatMap(({ notifications }) => notifications)
      .map((notification) => ({ kind: "recorded" as const, educator: notification.educator, notification }))
    metrics.recorded.inc(messages.length)
    if (messages.length > 0) bus.publish(messages).catch((error) => report("publish", error))
    return recorded
  }
}

async function withRecipients(events: readonly Event[], directory: Needs["directory"]) {
  const unnamed = new Set(events.filter((event) => !event.educators).map((event) => event.student))
  const teachers = unnamed.size > 0 ? await directory.educatorsOf([...unnamed]) : new Map<number, number[]>()
  return events.map((event) => ({
    event,
    recipients: [...new Set(event.educators ?? teachers.get(event.student) ?? [])],
  }))
}
