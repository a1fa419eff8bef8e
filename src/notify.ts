import type { Bus, Message } from "./bus/bus.ts"
import type { Directory } from "./directory/directory.ts"
import type { Event } from "./event.ts"
import type { History, Outcome } from "./history/history.ts"
import type { Metrics } from "./metrics.ts"

type Needs = {
  directory: Pick<Directory, "educatorsOf">
  /** Shared by all requests, see `groupCommit`. */
  record: History["record"]
  history: Pick<History, "store" | "known">
  bus: Pick<Bus, "publish">
  metrics: Pick<Metrics, "recorded">
  /** Told of each event that cannot be recorded, once of those whose storage did not answer, and of a failed publish, which nobody waits for: delivery catches up from history. */
  report(stage: "record" | "publish", error: unknown): void
}

/** What became of an event. */
export type Notified = Extract<Outcome, { status: "recorded" | "duplicate" }> | { status: "failed" }
export type Notify = (events: readonly Event[]) => Promise<Notified[]>

/**
 * The way of an event: find who is to be told, record, then publish what was recorded. Answers one outcome for each event, in order;
 * rejects with the problem `unavailable` when one's is unknown, and then all may be sent again.
 */
export function notifier({ directory, record, history, bus, metrics, report }: Needs): Notify {
  return async (events) => {
    const outcomes = await record(await withRecipients(events, directory))
    for (const outcome of outcomes) {
      if (outcome.status === "recorded") metrics.recorded.inc(outcome.added)
      if (outcome.status === "failed") report("record", outcome.error)
    }
    const unknown = outcomes.find((outcome) => outcome.status === "unknown")
    if (unknown) report("record", unknown.error)
    const messages = messagesOf(outcomes, history)
    if (messages.length > 0) bus.publish(messages).catch((error) => report("publish", error))
    return outcomes.map(answered)
  }
}

function messagesOf(outcomes: readonly Outcome[], { store, known }: Pick<History, "store" | "known">): Message[] {
  return outcomes
    .flatMap((outcome) => (outcome.status === "recorded" ? outcome.notifications : []))
    .map((notification) => ({ kind: "recorded", educator: notification.educator, notification, store, known }))
}

function answered(outcome: Outcome): Notified {
  if (outcome.status === "recorded" || outcome.status === "duplicate") return outcome
  if (outcome.status === "unknown") throw outcome.error
  return { status: "failed" }
}

async function withRecipients(events: readonly Event[], directory: Needs["directory"]) {
  const unnamed = new Set(events.filter((event) => !event.educators).map((event) => event.student))
  const teachers = unnamed.size > 0 ? await directory.educatorsOf([...unnamed]) : new Map<number, number[]>()
  return events.map((event) => ({
    event,
    recipients: [...new Set(event.educators ?? teachers.get(event.student) ?? [])],
  }))
}
