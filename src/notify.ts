import { addresses } from "./addresses.ts"
import type { Bus, Message } from "./bus/bus.ts"
import type { Directory } from "./directory/directory.ts"
import type { Event } from "./event.ts"
import type { History } from "./history/history.ts"
import type { Metrics } from "./metrics.ts"
import type { Nobody } from "./recipient.ts"
import type { Guarded, Withdrawals } from "./withdrawals.ts"

type Needs = {
  /** Shared by all requests, as `record` is, see `inGroups`. */
  recipientsOf: Directory["recipientsOf"]
  record: Withdrawals["record"]
  history: Pick<History, "store" | "known">
  bus: Pick<Bus, "publish">
  metrics: Pick<Metrics, "recorded">
  /** Told of each event that cannot be recorded, once of those whose storage did not answer, and of a failed publish, which nobody waits for: delivery catches up from history. */
  report(stage: "record" | "publish", error: unknown): void
}

/** What became of an event; `nobody` says why nobody is told of a recorded one. */
export type Notified =
  | { status: "recorded"; added: number; nobody?: Nobody }
  | { status: "duplicate" }
  | { status: "withdrawn" }
  | { status: "failed" }
export type Notify = (events: readonly Event[]) => Promise<Notified[]>

/**
 * The way of an event: find who is to be told, record, then publish what was recorded. Answers one outcome for each event, in order;
 * rejects with the problem `unavailable` when one's is unknown, and then all may be sent again.
 */
export function notifier({ recipientsOf, record, history, bus, metrics, report }: Needs): Notify {
  return async (events) => {
    const addressed = await addresses(events, recipientsOf)
    const outcomes = await record(addressed.map(({ event, recipients }) => ({ event, recipients })))
    for (const outcome of outcomes) {
      if (outcome.status === "recorded") metrics.recorded.inc(outcome.added)
      if (outcome.status === "failed") report("record", outcome.error)
    }
    const unknown = outcomes.find((outcome) => outcome.status === "unknown")
    if (unknown) report("record", unknown.error)
    const messages = messagesOf(outcomes, history)
    if (messages.length > 0) bus.publish(messages).catch((error) => report("publish", error))
    return outcomes.map((outcome, index) => answered(outcome, addressed[index]?.nobody))
  }
}

function messagesOf(outcomes: readonly Guarded[], { store, known }: Pick<History, "store" | "known">): Message[] {
  return outcomes
    .flatMap((outcome) => (outcome.status === "recorded" ? outcome.notifications : []))
    .map((notification) => ({ kind: "recorded", educator: notification.educator, notification, store, known }))
}

function answered(outcome: Guarded, nobody?: Nobody): Notified {
  if (outcome.status === "recorded") return { status: "recorded", added: outcome.added, ...(nobody && { nobody }) }
  if (outcome.status === "unknown") throw outcome.error
  return outcome.status === "failed" ? { status: "failed" } : outcome
}
