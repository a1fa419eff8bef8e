import { describe, expect, test } from "bun:test"
import type { DirectoryChange } from "../../src/directory/directory.ts"
import { type Batch, batchesOf, isByLines, type Read, readRows } from "../../src/directory/lines.ts"

type Sound = Extract<Read, { row: object }>

const file = (...lines: (object | string)[]) =>
  [lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n")].map((text) =>
    Buffer.from(text),
  )
const read = (...lines: (object | string)[]) => [...readRows(file(...lines))]
const mistakes = (...lines: (object | string)[]) =>
  read(...lines).flatMap((read) => ("mistakes" in read ? read.mistakes.map((each) => `${read.number} ${each}`) : []))
const batches = (rows: Iterable<Read>) => [...batchesOf(rows as Iterable<Sound>)]

const MEBIBYTE = 1024 * 1024

describe("a file of rows by lines", () => {
  test("is told from others by its first line", () => {
    for (const lines of [[{ kind: "students" }], ["", "  ", ' { "kind" : "teaches" } ', "x"], [{ kind: "studnets" }]])
      expect([lines, isByLines(file(...lines))]).toEqual([lines, true])
    for (const lines of [
      [],
      [""],
      ["{"],
      [{ students: [] }],
      ["[]"],
      ["null"],
      ['"kind"'],
      ["5", { kind: "students" }],
    ])
      expect([lines, isByLines(file(...lines))]).toEqual([lines, false])
    expect(isByLines(file(`{"kind":"students"}${" ".repeat(MEBIBYTE)}`))).toBe(false)
  })

  test("has each row by the kind above it, as a change would read it", () => {
    const rows = read(
      "\uFEFF",
      { kind: "assignments" },
      { id: 9, courseId: 3, name: " 3장 과제 ", dueAt: "2026-11-27T18:00:00+09:00" },
      "   \r",
      { kind: "courseStudents" },
      { course: 3, student: 7, section: 1 },
      { kind: "rosters" },
      { course: 3, staff: [{ educator: 42 }], students: [{ student: 7, section: "B" }] },
      { kind: "courseStudents" },
      { course: 3, student: 8 },
    )
    expect(batches(rows)).toEqual([
      { change: { assignments: [{ id: 9, courseId: 3, name: "3장 과제", dueAt: "2026-11-27T09:00:00.000Z" }] } },
      { change: { courseStudents: [{ course: 3, student: 7, section: "1" }] } },
      {
        course: 3,
        roster: { staff: [{ educator: 42, section: null }], students: [{ student: 7, section: "B" }] },
      },
      { change: { courseStudents: [{ course: 3, student: 8, section: null }] } },
    ])
  })

  test("has every part of a change as a kind", () => {
    const pair = { educator: 1, student: 2 }
    const work = { id: 1, courseId: 2, name: "x", dueAt: null }
    const staffing = { course: 1, educator: 2, section: null }
    const attendance = { course: 1, student: 2, section: null }
    const change: Required<DirectoryChange> = {
      students: [{ id: 1, userId: "x", name: "x" }],
      courses: [{ id: 1, name: "x" }],
      assignments: [work],
      quizzes: [work],
      lessons: [work],
      courseStaff: [staffing],
      noLongerCourseStaff: [staffing],
      courseStudents: [attendance],
      noLongerCourseStudents: [attendance],
      advises: [pair],
      noLongerAdvises: [pair],
      teaches: [pair],
      noLongerTeaches: [pair],
    }
    const lines = Object.entries(change).flatMap(([kind, rows]) => [{ kind }, ...rows])
    expect(batches(read(...lines))).toEqual(
      Object.entries(change).map(([kind, rows]) => ({ change: { [kind]: rows } })),
    )
  })

  test("says which lines are wrong, and how", () => {
    expect(
      mistakes(
        { kind: "students" },
        { id: "7", userId: "", name: "x" },
        "{",
        "[]",
        { id: 7, userId: "x", name: "x", age: 9 },
        { kind: "students", more: 1 },
        { not: "looked at" },
        { kind: "studnets" },
        { id: 7 },
        { kind: "teaches" },
        { educator: 42, student: 7 },
        { educator: 0, student: 7 },
        { kind: "rosters" },
        { course: 3, staff: [{ educator: 1 }, { educator: "2" }], students: [] },
        { course: 3, staff: [] },
      ).map((mistake) => mistake.split(": ")[0]),
    ).toEqual([
      "2 #/id",
      "2 #/userId",
      "3 is not JSON",
      "4 #",
      "5 #",
      "6 #",
      "8 #/kind",
      "12 #/educator",
      "14 #/staff/1/educator",
      "15 #/students",
    ])
  })

  test("has no line of more than 1 MiB, and no roster of more than 10", () => {
    const padded = (row: object, bytes: number) => JSON.stringify(row).padEnd(bytes)
    const student = { id: 7, userId: "x", name: "x" }
    const roster = { course: 3, staff: [], students: [] }
    expect(
      mistakes(
        { kind: "students" },
        padded(student, MEBIBYTE),
        padded(student, MEBIBYTE + 1),
        { kind: "rosters" },
        padded(roster, 10 * MEBIBYTE),
        padded(roster, 10 * MEBIBYTE + 1),
        { kind: "students" },
        padded(student, MEBIBYTE + 1),
      ),
    ).toEqual(["3 is longer than 1048576 bytes", "6 is longer than 10485760 bytes", "8 is longer than 1048576 bytes"])
  })
})

describe("batches", () => {
  const sizes = (found: readonly Batch[]) =>
    found.map((batch) => ("change" in batch ? Object.values(batch.change)[0]?.length : "roster"))
  const rows = (count: number, length = 40): Sound[] =>
    Array.from({ length: count }, (_, index) => ({ number: index + 2, kind: "students", row: { id: index }, length }))

  test("hold 10,000 rows, or fewer where their lines are long", () => {
    expect(sizes(batches(rows(25_000)))).toEqual([10_000, 10_000, 5_000])
    expect(sizes(batches(rows(10_000)))).toEqual([10_000])
    expect(sizes(batches(rows(25, MEBIBYTE)))).toEqual([10, 10, 5])
    expect(batches([])).toEqual([])
  })

  test("keep the order of rows, and a roster is one by itself", () => {
    const [first, second] = rows(2) as [Sound, Sound]
    const roster: Sound = { number: 1, kind: "rosters", row: { course: 3, staff: [], students: [] }, length: 40 }
    expect(batches([first, roster, roster, second, { ...first, kind: "courses" }, second])).toEqual([
      { change: { students: [first.row] } },
      { course: 3, roster: { staff: [], students: [] } },
      { course: 3, roster: { staff: [], students: [] } },
      { change: { students: [second.row] } },
      { change: { courses: [first.row] } },
      { change: { students: [second.row] } },
    ] as Batch[])
  })
})
