import { expect, test } from "bun:test"
import fc from "fast-check"
import { added, courseOf, type Entry, idOf, marked, matches, replaced, unreadIds } from "../../web/bell/entries.ts"
import { notification } from "./notification.ts"

const anyone = { unreadOnly: false, course: null, student: null }

const read = { 열람일: "2026-11-22T06:00:00.000Z" }
const ids = (entries: readonly Entry[]) => entries.map(idOf)

test("unread ones come first, newest first in each part, and each id once, in whatever order they come", () => {
  const some = fc.array(fc.record({ id: fc.integer({ min: 1, max: 30 }), isRead: fc.boolean() }), { maxLength: 12 })
  fc.assert(
    fc.property(fc.array(some, { maxLength: 6 }), (pages) => {
      const entries = pages.reduce<Entry[]>(
        (all, page) =>
          added(
            all,
            page.map(({ id, isRead }) => notification(id, isRead ? read : {})),
          ),
        [],
      )
      expect(new Set(ids(entries)).size).toBe(entries.length)
      expect(entries).toEqual(
        entries.toSorted((a, b) => (a.section === b.section ? idOf(b) - idOf(a) : a.section === "unread" ? -1 : 1)),
      )
    }),
  )
})

test("one that is read stays in its place until the list is loaded again", () => {
  const entries = marked(added([], [notification(1), notification(2), notification(3)]), (id) => id === 2, "2026-11-23")
  expect(ids(entries)).toEqual([3, 2, 1])
  expect(unreadIds(entries)).toEqual([3, 1])
  const again = replaced(
    entries,
    entries.map((entry) => entry.notification),
    anyone,
    new Set(),
  )
  expect(ids(again)).toEqual([3, 1, 2])
})

test("marking keeps the time at which one was read before, and can be undone", () => {
  const entries = marked(added([], [notification(1, read), notification(2)]), () => true, "2026-11-23")
  expect(entries.map(({ notification }) => notification.열람일)).toEqual(["2026-11-23", read.열람일])
  expect(unreadIds(marked(entries, (id) => id === 2, null))).toEqual([2])
})

test("what came in while the list was loading stays, wherever it stands in it, if it passes the filter", () => {
  const arrived = [notification(5), notification(6, { 학생_유저인덱스: 8 }), notification(3)]
  const before = added(added([], [notification(1)]), arrived, true)
  const after = replaced(before, [notification(4), notification(2)], { ...anyone, student: 7 }, new Set([5, 6, 3]))
  expect(ids(after)).toEqual([5, 4, 3, 2])
})

test("what came in before, and is no longer listed, goes", () => {
  const before = added([], [notification(5), notification(6)], true)
  expect(ids(replaced(before, [notification(4)], anyone, new Set([6])))).toEqual([6, 4])
})

test("what was read while the list was loading is not unread again, and the list's own news of it counts", () => {
  const before = marked(added([], [notification(1), notification(2)]), (id) => id === 1, "2026-11-23")
  const after = replaced(before, [notification(1), notification(2, read)], anyone, new Set([1, 2]))
  expect(ids(after)).toEqual([2, 1])
  expect(after.map(({ notification }) => notification.열람일)).toEqual([read.열람일, "2026-11-23"])
})

test("filters look at the course, by its row or its id, and at the student", () => {
  expect(matches(notification(1), { ...anyone, course: 3, student: 7 })).toBe(true)
  expect(matches(notification(1), { ...anyone, course: 4 })).toBe(false)
  expect(matches(notification(1, read), { ...anyone, unreadOnly: true })).toBe(false)
  expect(courseOf(notification(1, { 상세: { course: { id: 4, name: "과학" } } }))).toEqual({ id: 4, name: "과학" })
  expect(courseOf(notification(1, { 상세: { course: "과학" } }))).toBeNull()
})
