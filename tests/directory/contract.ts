import { afterEach, describe, expect, test } from "bun:test"
import type { Directory, DirectoryChange } from "../../src/directory/directory.ts"
import { Problem } from "../../src/problem.ts"
import type { Concern } from "../../src/recipient.ts"

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
  // Course 3 has sections, course 4 has none, course 5 nobody has told us about yet.
  courseStaff: [
    { course: 3, educator: 50, section: "A" },
    { course: 3, educator: 51, section: "B" },
    { course: 3, educator: 52, section: null },
    { course: 4, educator: 60, section: null },
    { course: 6, educator: 51, section: "B" },
  ],
  courseStudents: [
    { course: 3, student: 7, section: "A" },
    { course: 3, student: 8, section: null },
    { course: 3, student: 9, section: "A" },
    { course: 3, student: 9, section: "B" },
    { course: 6, student: 7, section: "A" },
  ],
  advises: [{ educator: 70, student: 7 }],
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
      expect(await directory.recipientsOf([])).toEqual([])
    })

    describe("says whom an event concerns, and why:", () => {
      const told = async (...concerns: Concern[]) => {
        const directory = await openSchool()
        const addressed = await directory.recipientsOf(concerns)
        return addressed.map(({ recipients, nobody }) => {
          return nobody ?? recipients.map(({ educator, reason }) => `${educator} ${reason}`).join(", ")
        })
      }
      const inCourse = (student: number, course: number): Concern => ({ student, course, works: [] })
      const about = (student: number, ...works: Concern["works"]): Concern => ({ student, works })

      test("the staff of the student's section and of the whole course, the adviser, and nobody else", async () => {
        expect(await told(inCourse(7, 3))).toEqual(["50 section, 52 course, 70 adviser"])
      })

      test("all staff of a course where the student has no section, and of each of several", async () => {
        expect(await told(inCourse(8, 3), inCourse(99, 3), inCourse(9, 3))).toEqual([
          "50 course, 51 course, 52 course",
          "50 course, 51 course, 52 course",
          "50 section, 51 section, 52 course",
        ])
      })

      test("the course of the work that it names, whichever noun", async () => {
        const ofCourse3 = "50 section, 52 course, 70 adviser"
        const works = [
          { noun: "assignment", id: 9 },
          { noun: "quiz", id: 9 },
          { noun: "lesson", id: 9 },
        ] as const
        expect(await told(...works.map((work) => about(7, work)))).toEqual([ofCourse3, ofCourse3, ofCourse3])
        expect(await told(about(7, { noun: "quiz", id: 77 }, { noun: "lesson", id: 9 }))).toEqual([ofCourse3])
      })

      test("whoever teaches the student only where the course is unknown or has no staff", async () => {
        expect(await told(about(7), about(7, { noun: "quiz", id: 77 }), inCourse(7, 5), inCourse(7, 4))).toEqual([
          "42 teaches, 43 teaches, 70 adviser",
          "42 teaches, 43 teaches, 70 adviser",
          "42 teaches, 43 teaches, 70 adviser",
          "60 course, 70 adviser",
        ])
      })

      test("and why nobody, when nobody is", async () => {
        const directory = await openSchool()
        expect(await told(about(99), inCourse(99, 5))).toEqual(["no_course", "no_staff"])
        expect(await told(inCourse(7, 6))).toEqual(["70 adviser"])
        const [alone] = await directory.recipientsOf([inCourse(8, 6)])
        expect(alone?.recipients).toEqual([{ educator: 51, reason: "course" }])
      })
    })

    test("answers for a thousand ids at once", async () => {
      const directory = await openSchool()
      const ids = Array.from({ length: 1000 }, (_, index) => index + 1)
      expect((await directory.find("student", ids)).size).toBe(2)
      const concerns = ids.map((id) => ({ student: id, works: [{ noun: "quiz", id }] }) as const)
      const addressed = await directory.recipientsOf(concerns)
      expect(addressed).toHaveLength(1000)
      expect(addressed.flatMap(({ nobody }, index) => (nobody ? [] : index + 1))).toEqual([7, 8, 9])
    })

    test("answers a ping, and is unavailable once it is closed, which is safe twice", async () => {
      const directory = await openSchool()
      await directory.ping()
      await directory.close()
      await directory.close()
      const about7 = { student: 7, works: [] }
      for (const call of [directory.ping(), directory.find("student", [7]), directory.recipientsOf([about7])]) {
        const error = await call.catch((reason) => reason)
        expect(error).toBeInstanceOf(Problem)
        expect(error.code).toBe("unavailable")
      }
    })
  })
}
