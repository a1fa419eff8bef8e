import type { Language } from "../src/locales/locales.ts"
import type { Notification } from "../src/notification.ts"
import type { Present } from "../src/present.ts"
import { type Presented, toWire, type WireNotification } from "../src/wire.ts"

/** Answers what sockets are sent of each of these notifications. */
export type PresentOnce = (
  notifications: readonly Notification[],
  language: Language,
) => Promise<ReadonlyMap<Notification, WireNotification>>

/** Puts each notification into words once for each language, however many sockets are given it; forgotten with the notification itself. */
export function presentOnce(present: Present): PresentOnce {
  const told = new WeakMap<Notification, Map<Language, Promise<WireNotification>>>()
  const wordsOf = (notification: Notification) => {
    const words = told.get(notification) ?? new Map<Language, Promise<WireNotification>>()
    told.set(notification, words)
    return words
  }

  function tell(notifications: readonly Notification[], language: Language) {
    const presented = present(notifications, language)
    for (const [index, notification] of notifications.entries()) {
      const wire = presented.then((all) => toWire(all[index] as Presented))
      const words = wordsOf(notification).set(language, wire)
      wire.catch(() => words.delete(language))
    }
  }

  return async (notifications, language) => {
    const fresh = notifications.filter((notification) => !wordsOf(notification).has(language))
    if (fresh.length > 0) tell(fresh, language)
    const wires = notifications.map(async (notification) => {
      const wire = await wordsOf(notification).get(language)
      return [notification, wire as WireNotification] as const
    })
    return new Map(await Promise.all(wires))
  }
}
