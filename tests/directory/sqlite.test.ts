import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { MAX_ROWS, readDirectoryChange } from "../../src/directory/change.ts"
import type { Directory, DirectoryChange, Roster } from "../../src/directory/directory.ts"
import { sampleSchool } from "../../src/directory/sample-school.ts"
import { sqliteDirectory } from "../../src/directory/sqlite.ts"
import { Problem } from "../../src/problem.ts"
import { directoryContract } from "./contract.ts"

const folder = mkdtempSync(join(tmpdir(), "allim-directory-"))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const newFile = () => join(folder, `${files++}.db`)

directoryContract("sqlite", async (school) => {
  const directory = sqliteDirectory({ path: newFile() })
  await directory.apply(school)
  return directory
})

const teachersOf = async (directory: Directory, student: number) =>
  (await directory.recipientsOf([{ student, works: [] }]))[0]?.recipients.map(({ educator }) => educator)

describe("the embedded directory", () => {
  test("adds, replaces by id and removes, and keeps it all over a restart", async () => {
    const path = newFile()
    const before = sqliteDirectory({ path })
    await before.apply(sampleSchool)
    await before.apply({
      students: [{ id: 7, userId: "minsu", name: "김민서" }],
      teaches: [{ educator: 50, student: 7 }],
      noLongerTeaches: [{ educator: 43, student: 7 }],
    })
    await before.close()

    const after = sqliteDirectory({ path })
    expect((await after.find("student", [7])).get(7)?.name).toBe("김민서")
    expect(await teachersOf(after, 7)).toEqual([42, 44, 50])
    await after.close()
  })

  test("applies all of a change or nothing", async () => {
    const directory = sqliteDirectory({ path: newFile() })
    await directory.apply(sampleSchool)
    const broken = {
      students: [{ id: 7, userId: "x", name: "x" }],
      courses: [{ id: 3, name: null as unknown as string }],
    }
    expect(await directory.apply(broken).catch((error) => error.code)).toBe("unavailable")
    expect((await directory.find("student", [7])).get(7)?.name).toBe("김민수")
    await directory.apply({})
    await directory.close()
  })

  test("waits for another process that writes, and lets others go on meanwhile", async () => {
    const path = newFile()
    const directory = sqliteDirectory({ path })
    await directory.apply(sampleSchool)
    const other = new DatabaseSync(path)
    other.exec("BEGIN IMMEDIATE")
    const renaming = directory.apply({ students: [{ id: 7, userId: "minsu", name: "김민서" }] })
    const leaving = directory.apply({ noLongerTeaches: [{ educator: 43, student: 7 }] })
    for (let look = 0; look < 5; look++) {
      expect((await directory.find("student", [7])).get(7)?.name).toBe("김민수")
      await Bun.sleep(10)
    }
    other.exec("COMMIT")
    expect(await renaming).toEqual({ students: { sent: 1, changed: 1 } })
    expect(await leaving).toEqual({ noLongerTeaches: { sent: 1, changed: 1 } })
    other.close()
    await directory.close()
  })

  test("waits no longer than it is to, and has then changed nothing", async () => {
    const path = newFile()
    const directory = sqliteDirectory({ path, patience: 50 })
    await directory.apply(sampleSchool)
    const other = new DatabaseSync(path)
    other.exec("BEGIN IMMEDIATE")
    const change = { students: [{ id: 7, userId: "x", name: "x" }] }
    expect(await directory.apply(change).catch((error) => error.code)).toBe("unavailable")
    other.exec("ROLLBACK")
    other.close()
    expect((await directory.find("student", [7])).get(7)?.name).toBe("김민수")
    await directory.close()
  })

  test("holds a school's whole enrolment in one change", async () => {
    const directory = sqliteDirectory({ path: newFile() })
    const teaches = Array.from({ length: MAX_ROWS }, (_, index) => ({
      educator: 1 + (index % 10),
      student: 1 + Math.floor(index / 10),
    }))
    await directory.apply(readDirectoryChange({ teaches }))
    expect(await teachersOf(directory, MAX_ROWS / 10)).toHaveLength(10)
    await directory.close()
  })
})

describe("what a change would do", () => {
  const open = async () => {
    const directory = sqliteDirectory({ path: newFile() })
    await directory.apply(sampleSchool)
    return directory
  }
  const change: DirectoryChange = {
    students: [
      { id: 7, userId: "minsu", name: "김민서" },
      { id: 8, userId: "siwoo", name: "윤시우" },
      { id: 13, userId: "new", name: "새" },
    ],
    noLongerCourseStaff: [{ course: 5, educator: 44, section: null }],
    courseStaff: [{ course: 5, educator: 45, section: "B" }],
    advises: [{ educator: 42, student: 7 }],
  }
  const effect = {
    students: { sent: 3, changed: 2 },
    noLongerCourseStaff: { sent: 1, changed: 1 },
    courseStaff: { sent: 1, changed: 0 },
    advises: { sent: 1, changed: 1 },
  }
  const english = [{ student: 1, course: 5, works: [] }]

  test("is told without doing it, and is then what it does, once", async () => {
    const directory = await open()
    expect(await directory.apply(change, { dry: true })).toEqual(effect)
    expect((await directory.find("student", [13])).size).toBe(0)
    expect((await directory.recipientsOf(english))[0]?.recipients).toEqual([{ educator: 44, reason: "section" }])
    expect(await directory.apply(change)).toEqual(effect)
    expect((await directory.find("student", [7])).get(7)?.name).toBe("김민서")
    expect((await directory.recipientsOf(english))[0]).toEqual({ recipients: [], nobody: "other_sections" })
    expect(Object.values(await directory.apply(change)).map(({ changed }) => changed)).toEqual([0, 0, 0, 0])
    await directory.close()
  })

  test("of a roster too, which replaces what its course had and no other's", async () => {
    const directory = await open()
    const roster: Roster = {
      staff: [
        { educator: 44, section: "A" },
        { educator: 46, section: "B" },
      ],
      students: [
        { student: 1, section: "B" },
        { student: 3, section: "A" },
      ],
    }
    const effect = { staff: { sent: 2, added: 1, removed: 1 }, students: { sent: 2, added: 1, removed: 8 } }
    const told = async () =>
      (await directory.recipientsOf([...english, { student: 1, course: 3, works: [] }])).map(({ recipients }) =>
        recipients.map(({ educator }) => educator),
      )
    expect(await directory.replaceRoster(5, roster, { dry: true })).toEqual(effect)
    expect(await told()).toEqual([[44], [42]])
    expect(await directory.replaceRoster(5, roster)).toEqual(effect)
    expect(await told()).toEqual([[46], [42]])
    expect(await directory.replaceRoster(5, roster)).toEqual({
      staff: { sent: 2, added: 0, removed: 0 },
      students: { sent: 2, added: 0, removed: 0 },
    })
    await directory.close()
  })

  test("is nothing at all of a roster that cannot be written whole", async () => {
    const directory = await open()
    const broken = { staff: [], students: [{ student: null as unknown as number, section: null }] }
    expect(await directory.replaceRoster(5, broken).catch((error) => error.code)).toBe("unavailable")
    expect((await directory.recipientsOf(english))[0]?.recipients).toEqual([{ educator: 44, reason: "section" }])
    await directory.close()
  })
})

describe("a directory's change", () => {
  const refusal = (json: unknown): Problem => {
    try {
      readDirectoryChange(json)
    } catch (error) {
      if (error instanceof Problem) return error
    }
    throw new Error("was accepted")
  }
  const pointers = (json: unknown) => (refusal(json).more.errors as { pointer: string }[]).map(({ pointer }) => pointer)

  test("is read from JSON, its dates told in UTC", () => {
    const work = { id: 1, courseId: 3, name: "과제" }
    const assignments = [{ ...work, dueAt: "2026-11-27T18:00:00+09:00" }, { ...work, dueAt: null }, work]
    const read = readDirectoryChange({ assignments }).assignments
    expect(read?.map(({ dueAt }) => dueAt)).toEqual(["2026-11-27T09:00:00.000Z", null, null])
    expect(readDirectoryChange(structuredClone(sampleSchool))).toEqual(sampleSchool)
  })

  test("is refused with where it is wrong", () => {
    expect(refusal([]).code).toBe("directory_invalid")
    expect(
      pointers({
        students: [
          { id: 7, userId: "minsu", name: "김민수" },
          { id: "8", userId: "", name: "이" },
        ],
      }),
    ).toEqual(["#/students/1/id", "#/students/1/userId"])
    expect(pointers({ student: [] })).toEqual(["#"])
    expect(pointers({ assignments: [{ id: 1, courseId: 3, name: "과제", dueAt: "내일" }] })).toEqual([
      "#/assignments/0/dueAt",
    ])
    expect(pointers({ teaches: Array(MAX_ROWS + 1).fill({ educator: 1, student: 1 }) })).toEqual(["#/teaches"])
    expect(pointers({ students: Array(1000).fill({}) })).toHaveLength(20)
  })
})
