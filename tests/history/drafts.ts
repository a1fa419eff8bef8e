import type { Event } from "../../src/event.ts"
import type { Draft, Outcome } from "../../src/history/history.ts"
import type { Notification } from "../../src/notification.ts"
import type { Recipient } from "../../src/recipient.ts"

let events = 0

/** An event with an id of its own, `event-1` and on in each process. */
export function event(about: Partial<Event> = {}): Event {
  events += 1
  return {
    source: "lms",
    id: `event-${events}`,
    type: "question.asked",
    occurredAt: "2026-11-22T05:30:00.000Z",
    student: 7,
    data: {},
    ...about,
  }
}

/** These educators, as staff of a course. */
export const to = (...educators: number[]): Recipient[] => educators.map((educator) => ({ educator, reason: "course" }))

export const draft = (educators: number[], about?: Partial<Event>): Draft => ({
  event: event(about),
  recipients: to(...educators),
})

export const drafts = (count: number, ...of: Parameters<typeof draft>): Draft[] =>
  Array.from({ length: count }, () => draft(...of))

/** No storage takes it: its data has no end. */
export function unrecordable(educator: number): Draft {
  const data: Event["data"] = {}
  data.self = data
  return draft([educator], { data })
}

/** The new notifications of outcomes. */
export function notificationsOf(outcomes: readonly Outcome[]): Notification[] {
  return outcomes.flatMap((outcome) => (outcome.status === "recorded" ? outcome.notifications : []))
}

/** Each outcome in short: how many were added, or what became of the draft instead. */
export function inShort(outcomes: readonly Outcome[]): (number | string)[] {
  return outcomes.map((outcome) => (outcome.status === "recorded" ? outcome.added : outcome.status))
}
