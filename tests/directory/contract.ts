import { afterEach, describe, expect, test } from "bun:test"
import type { Directory, DirectoryChange } from "../../src/directory/directory.ts"
import { Problem } from "../../src/problem.ts"

const school: DirectoryChange = {
  students: [
    { id: 7, userId: "minsu", name: "김민수" },
    { id: 8, userId: "emma", name: "Emma O’Neil 😀" },
    { id: Number.MAX_SAFE_INTEGER, userId: "last", name: "끝" },
  ],
  courses: [{ id: 3, name: "중1 수학" }],
  assignments: [
    { id: 9, courseId: 3, name: "3장 과제", dueAt: "2026-11-27T09:00:00.000Z" },
    { id: 10, courseId: 3, name: "자율 과제", dueAt: null },
  ],
  quizzes: [{ id: 9, courseId: 3, name: "쪽지 시험", dueAt: null }],
  lessons: [{ id: 9, courseId: 3, name: "좌표평면", dueAt: "2026-11-28T09:00:00.000Z" }],
  teaches: [
    { educator: 43, student: 7 },
    { educator: 42, student: 7 },
    { educator: 42, student: 8 },
  ],
}

/** What every directory must do; `open` answers one that holds just `school`. */
export function directoryContract(name: string, open: (school: DirectoryChange) => Promise<Directory>): void {
  describe(`${name}: a directory`, () => {
    const opened: Directory[] = []
    const openSchool = async () => {
      const directory = await open(school)
      opened.push(directory)
      return directory
    }
    afterEach(async () => {
      for (const directory of opened.splice(0)) await directory.close()
    })

    test("finds the rows of every noun by id", async () => {
      const directory = await openSchool()
      const found = await directory.find("student", [8, 7, 7, Number.MAX_SAFE_INTEGER])
      expect([...found.keys()].toSorted((a, b) => a - b)).toEqual([7, 8, Number.MAX_SAFE_INTEGER])
      expect(found.get(8)).toEqual({ id: 8, userId: "emma", name: "Emma O’Neil 😀" })
      expect((await directory.find("course", [3])).get(3)).toEqual({ id: 3, name: "중1 수학" })
      expect(await directory.find("assignment", [9, 10])).toEqual(
        new Map([
          [9, { id: 9, courseId: 3, name: "3장 과제", dueAt: "2026-11-27T09:00:00.000Z" }],
          [10, { id: 10, courseId: 3, name: "자율 과제", dueAt: null }],
        ]),
      )
      expect((await directory.find("quiz", [9])).get(9)?.name).toBe("쪽지 시험")
      expect((await directory.find("lesson", [9])).get(9)?.name).toBe("좌표평면")
    })

    test("leaves out what is not there", async () => {
      const directory = await openSchool()
      expect([...(await directory.find("student", [1, 7])).keys()]).toEqual([7])
      expect((await directory.find("course", [])).size).toBe(0)
      expect([...(await directory.educatorsOf([9, 7])).keys()]).toEqual([7])
      expect((await directory.educatorsOf([])).size).toBe(0)
    })

    test("tells every educator of each student, ascending", async () => {
      const directory = await openSchool()
      expect(await directory.educatorsOf([8, 7, 7])).toEqual(
        new Map([
          [7, [42, 43]],
          [8, [42]],
        ]),
      )
    })

    test("answers for a thousand ids at once", async () => {
      const directory = await openSchool()
      const ids = Array.from({ length: 1000 }, (_, index) => index + 1)
      expect((await directory.find("student", ids)).size).toBe(2)
      expect((await directory.educatorsOf(ids)).size).toBe(2)
    })

    test("answers a ping, and is unavailable once it is closed, which is safe twice", async () => {
      const directory = await openSchool()
      await directory.ping()
      await directory.close()
      await directory.close()
      for (const call of [directory.ping(), directory.find("student", [7]), directory.educatorsOf([7])]) {
        const error = await call.catch((reason) => reason)
        expect(error).toBeInstanceOf(Problem)
        expect(error.code).toBe("unavailable")
      }
    })
  })
}
