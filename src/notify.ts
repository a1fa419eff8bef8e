import type { Bus, Message } from "./bus/bus.ts"
import { concernOf } from "./concern.ts"
import type { Directory } from "./directory/directory.ts"
import type { Event } from "./event.ts"
import type { History, Outcome } from "./history/history.ts"
import type { Metrics } from "./metrics.ts"
import type { Addressed, Nobody } from "./recipient.ts"

type Needs = {
  /** Shared by all requests, as `record` is, see `inGroups`. */
  recipientsOf: Directory["recipientsOf"]
  record: History["record"]
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

function messagesOf(outcomes: readonly Outcome[], { store, known }: Pick<History, "store" | "known">): Message[] {
  return outcomes
    .flatMap((outcome) => (outcome.status === "recorded" ? outcome.notifications : []))
    .map((notification) => ({ kind: "recorded", educator: notification.educator, notification, store, known }))
}

function answered(outcome: Outcome, nobody?: Nobody): Notified {
  if (outcome.status === "recorded") return { status: "recorded", added: outcome.added, ...(nobody && { nobody }) }
  if (outcome.status === "unknown") throw outcome.error
  return outcome.status === "failed" ? { status: "failed" } : outcome
}

/** Each event with whoever is to be told: those it names, or those whom the directory finds concerned. */
async function addresses(
  events: readonly Event[],
  recipientsOf: Directory["recipientsOf"],
): Promise<({ event: Event } & Addressed)[]> {
  const unnamed = events.filter((event) => !event.educators)
  const found = (unnamed.length > 0 ? await recipientsOf(unnamed.map(concernOf)) : []).values()
  return events.map((event) => ({
    event,
    ...(event.educators ? named(event.educators) : (found.next().value as Addressed)),
  }))
}

function named(educators: readonly number[]): Addressed {
  return { recipients: [...new Set(educators)].map((educator) => ({ educator, reason: "named" })) }
}
