import { type AddressedEvent, addresses } from "./addresses.ts"
import type { Bus, Message } from "./bus/bus.ts"
import type { Directory } from "./directory/directory.ts"
import type { Event } from "./event.ts"
import type { History } from "./history/history.ts"
import type { Metrics } from "./metrics.ts"
import { portionsOf } from "./portions.ts"
import type { Nobody } from "./recipient.ts"
import { inTurns } from "./turns.ts"
import type { Guarded, Withdrawals } from "./withdrawals.ts"

/** Messages that are published without a turn for others: each goes to all of an educator's sockets. */
const SLICE = 100

type Needs = {
  /** Shared by all requests, as `record` is, see `inGroups`. */
  recipientsOf: Directory["recipientsOf"]
  record: Withdrawals["record"]
  history: Pick<History, "store" | "known">
  bus: Pick<Bus, "publish">
  metrics: Pick<Metrics, "recorded">
  /** Told of each event that cannot be recorded, once of those whose storage did not answer, and of a failed publish, which nobody waits for: delivery catches up from history. */
  report(stage: "record" | "publish", error: unknown): void
  /** How others are given their turn: by this process's own timers, if not told otherwise. */
  turns?: typeof inTurns
}

/** What became of an event; `nobody` says why nobody is told of a recorded one, `crowded` that it would be told to `recipients`: too many. */
export type Notified =
  | { status: "recorded"; added: number; nobody?: Nobody }
  | { status: "duplicate" }
  | { status: "withdrawn" }
  | { status: "crowded"; recipients: number }
  | { status: "failed" }
export type Notify = (events: readonly Event[]) => Promise<Notified[]>

/**
 * The way of an event: find who is to be told, record, then publish what was recorded. Answers one outcome for each event, in order. Many are
 * recorded in portions, one after the other, so that those of other requests come in between. Rejects with the problem `unavailable` when an
 * outcome is unknown, and then no later portion is tried, and all may be sent again; with `too_many_notifications` before anything is recorded.
 */
export function notifier({ recipientsOf, record, history, bus, metrics, report, turns = inTurns }: Needs): Notify {
  return async (events) => {
    const addressed = await addresses(events, recipientsOf, turns)
    const notified: Notified[] = []
    for (const portion of portionsOf(addressed)) notified.push(...(await tell(portion)))
    return notified
  }

  async function tell(portion: readonly AddressedEvent[]): Promise<Notified[]> {
    const outcomes = await record(portion.map(({ event, recipients }) => ({ event, recipients })))
    for (const outcome of outcomes) {
      if (outcome.status === "recorded") metrics.recorded.inc(outcome.added)
      if (outcome.status === "failed") report("record", outcome.error)
    }
    const unknown = outcomes.find((outcome) => outcome.status === "unknown")
    if (unknown) report("record", unknown.error)
    await publish(messagesOf(outcomes, history))
    return outcomes.map((outcome, index) => answered(outcome, portion[index] as AddressedEvent))
  }

  /** Waits for its turns alone, not for the bus. */
  async function publish(messages: Message[]): Promise<void> {
    const slices: Message[][] = []
    while (messages.length > 0) slices.push(messages.splice(0, SLICE))
    await turns(slices, (slice) => void bus.publish(slice).catch((error) => report("publish", error)))
  }
}

function messagesOf(outcomes: readonly Guarded[], { store, known }: Pick<History, "store" | "known">): Message[] {
  return outcomes
    .flatMap((outcome) => (outcome.status === "recorded" ? outcome.notifications : []))
    .map((notification) => ({ kind: "recorded", educator: notification.educator, notification, store, known }))
}

function answered(outcome: Guarded, { nobody, tooMany }: AddressedEvent): Notified {
  if (outcome.status === "unknown") throw outcome.error
  if (outcome.status === "failed") return { status: "failed" }
  if (outcome.status !== "recorded") return outcome
  if (tooMany !== undefined) return { status: "crowded", recipients: tooMany }
  return { status: "recorded", added: outcome.added, ...(nobody && { nobody }) }
}
