import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { MAX_ROWS, readDirectoryChange } from "../../src/directory/change.ts"
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
    expect((await after.educatorsOf([7])).get(7)).toEqual([42, 44, 50])
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

  test("holds a school's whole enrolment in one change", async () => {
    const directory = sqliteDirectory({ path: newFile() })
    const teaches = Array.from({ length: MAX_ROWS }, (_, index) => ({
      educator: 1 + (index % 10),
      student: 1 + Math.floor(index / 10),
    }))
    await directory.apply(readDirectoryChange({ teaches }))
    expect((await directory.educatorsOf([MAX_ROWS / 10])).get(MAX_ROWS / 10)).toHaveLength(10)
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
