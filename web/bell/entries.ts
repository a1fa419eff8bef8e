import type { WireNotification } from "../../src/wire.ts"

export type Section = "unread" | "read"

/**
 * A notification in the list, unread ones first. Its section is settled when it arrives or the list is loaded anew, so that
 * one which is read stays under the reader's eyes. `live` ones came in while the page was open.
 */
export type Entry = { notification: WireNotification; section: Section; live: boolean }

export type Filter = { unreadOnly: boolean; course: number | null; student: number | null }

export const idOf = (entry: Entry): number => entry.notification.알림_고유_아이디

const sectionOf = (notification: WireNotification): Section => (notification.열람일 === null ? "unread" : "read")

function ordered(entries: Iterable<Entry>): Entry[] {
  return [...entries].sort((a, b) => (a.section === b.section ? idOf(b) - idOf(a) : a.section === "unread" ? -1 : 1))
}

/** Adds what is not there yet, each id once. */
export function added(entries: readonly Entry[], notifications: readonly WireNotification[], live = false): Entry[] {
  const fresh = notifications.map((notification) => ({ notification, section: sectionOf(notification), live }))
  return ordered(new Map([...fresh, ...entries].map((entry) => [idOf(entry), entry])).values())
}

/**
 * The list as just loaded, which may be older than what came in meanwhile: those that `arrived` stay, wherever they stand in
 * it, and so does what is known to be read, since nothing becomes unread again.
 */
export function replaced(
  entries: readonly Entry[],
  notifications: readonly WireNotification[],
  filter: Filter,
  arrived: ReadonlySet<number>,
): Entry[] {
  const readAt = new Map(entries.map((entry) => [idOf(entry), entry.notification.열람일]))
  const listed = notifications.map((notification) => ({
    ...notification,
    열람일: notification.열람일 ?? readAt.get(notification.알림_고유_아이디) ?? null,
  }))
  const has = new Set(listed.map((notification) => notification.알림_고유_아이디))
  const kept = entries.filter(
    (entry) => arrived.has(idOf(entry)) && !has.has(idOf(entry)) && matches(entry.notification, filter),
  )
  return added(kept, listed)
}

/** Sets the time of reading (null: not read after all) on those entries whose id is `among` them. */
export function marked(entries: readonly Entry[], among: (id: number) => boolean, readAt: string | null): Entry[] {
  return entries.map((entry) =>
    among(idOf(entry))
      ? { ...entry, notification: { ...entry.notification, 열람일: readAt && (entry.notification.열람일 ?? readAt) } }
      : entry,
  )
}

export function unreadIds(entries: readonly Entry[]): number[] {
  return entries.filter((entry) => entry.notification.열람일 === null).map(idOf)
}

/** The course that a notification is about, when its data names one. */
export function courseOf({ 상세 }: WireNotification): { id: number; name: string } | null {
  const { course, courseId } = 상세
  if (course !== null && typeof course === "object" && !Array.isArray(course) && typeof course.id === "number")
    return { id: course.id, name: typeof course.name === "string" ? course.name : `#${course.id}` }
  return typeof courseId === "number" ? { id: courseId, name: `#${courseId}` } : null
}

export function studentOf(notification: WireNotification): { id: number; name: string } {
  const id = notification.학생_유저인덱스
  return { id, name: notification.학생_유저이름 ?? notification.학생_유저아이디 ?? `#${id}` }
}

export function matches(notification: WireNotification, { unreadOnly, course, student }: Filter): boolean {
  return (
    (!unreadOnly || notification.열람일 === null) &&
    (course === null || courseOf(notification)?.id === course) &&
    (student === null || notification.학생_유저인덱스 === student)
  )
}
