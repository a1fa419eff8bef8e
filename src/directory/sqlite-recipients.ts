import type { DatabaseSync } from "node:sqlite"
import type { Addressed, Concern, Work } from "../recipient.ts"
import { addressees, courseOf, type Pair, type Place, workKey } from "./addressees.ts"

const COURSES = `
  SELECT 'assignment' AS noun, assignment_id AS id, course_id AS course
    FROM allim_assignment WHERE assignment_id IN (SELECT value FROM json_each(?))
  UNION ALL SELECT 'quiz', quiz_id, course_id FROM allim_quiz WHERE quiz_id IN (SELECT value FROM json_each(?))
  UNION ALL SELECT 'lesson', lesson_id, course_id FROM allim_lesson WHERE lesson_id IN (SELECT value FROM json_each(?))`

/** The staff of courses, and the places of [course, student] pairs. */
const PLACES = `
  SELECT 'staff' AS part, course_id AS course, educator_index AS person, section
    FROM allim_course_educator WHERE course_id IN (SELECT value FROM json_each(?))
  UNION ALL SELECT 'student', course_id, student_index, section
    FROM json_each(?) AS asked CROSS JOIN allim_course_student
    WHERE course_id = asked.value ->> 0 AND student_index = asked.value ->> 1`

const PAIRS = `
  SELECT 'adviser' AS part, educator_index AS educator, student_index AS student
    FROM allim_adviser WHERE student_index IN (SELECT value FROM json_each(?1))
  UNION ALL SELECT 'teacher', educator_index, student_index
    FROM allim_educator_student WHERE student_index IN (SELECT value FROM json_each(?1))`

/** Answers who is told of events, in three queries however many. */
export function recipientFinder(database: DatabaseSync) {
  const courses = database.prepare(COURSES)
  const places = database.prepare(PLACES)
  const pairs = database.prepare(PAIRS)

  function coursesOf(works: readonly Work[]) {
    const idsOf = (noun: Work["noun"]) =>
      JSON.stringify([...new Set(works.flatMap((work) => (work.noun === noun ? work.id : [])))])
    const rows = works.length > 0 ? courses.all(idsOf("assignment"), idsOf("quiz"), idsOf("lesson")) : []
    return new Map(rows.map(({ noun, id, course }) => [workKey(String(noun), Number(id)), Number(course)]))
  }

  return (concerns: readonly Concern[]): Addressed[] => {
    const known = coursesOf(concerns.flatMap(({ works }) => works))
    const attended = concerns.flatMap((concern) => {
      const course = courseOf(concern, known)
      return course === undefined ? [] : [[course, concern.student] as const]
    })
    const courseIds = JSON.stringify([...new Set(attended.map(([course]) => course))])
    const placed = attended.length > 0 ? places.all(courseIds, distinct(attended)) : []
    const related = pairs.all(JSON.stringify([...new Set(concerns.map(({ student }) => student))]))
    const { staff = [], student = [] } = Object.groupBy(placed, ({ part }) => String(part))
    const { adviser = [], teacher = [] } = Object.groupBy(related, ({ part }) => String(part))
    return addressees(concerns, {
      courses: known,
      staff: staff as Place[],
      students: student as Place[],
      advises: adviser as Pair[],
      teaches: teacher as Pair[],
    })
  }
}

/** The JSON text of pairs, each once: a class's hand-ins name the same ones again and again. */
function distinct(pairs: readonly (readonly [number, number])[]): string {
  return JSON.stringify([...new Map(pairs.map((pair) => [pair.join(" "), pair])).values()])
}
