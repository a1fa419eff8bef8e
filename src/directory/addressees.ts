import type { Addressed, Concern, Nobody, Recipient } from "../recipient.ts"

/** One row of who is in a course: no section stands for all of them. */
export type Place = { course: number; person: number; section: string | null }

/** What a directory holds of some concerns: all that their answers rest on. */
export type Relations = {
  /** The course of each work, by `workKey`. */
  courses: ReadonlyMap<string, number>
  staff: readonly Place[]
  /** The places of the students in question, in the courses in question. */
  students: readonly Place[]
  advises: readonly Pair[]
  teaches: readonly Pair[]
}
export type Pair = { educator: number; student: number }

export const workKey = (noun: string, id: number) => `${noun} ${id}`

/** The course that an event happened in, as far as the directory knows its works. */
export function courseOf({ course, works }: Concern, courses: Relations["courses"]): number | undefined {
  return course ?? works.map(({ noun, id }) => courses.get(workKey(noun, id))).find((known) => known !== undefined)
}

/**
 * Who is told, ascending, by what a directory holds: the staff of the course, of the student's sections where both have one, and whoever
 * advises the student. `teaches` knows no course, and counts only where the course is unknown or has no staff.
 */
export function addressees(concerns: readonly Concern[], relations: Relations): Addressed[] {
  const staffOf = Map.groupBy(relations.staff, ({ course }) => course)
  const placesOf = Map.groupBy(relations.students, ({ course, person }) => `${course} ${person}`)
  const advisersOf = Map.groupBy(relations.advises, ({ student }) => student)
  const teachersOf = Map.groupBy(relations.teaches, ({ student }) => student)

  return concerns.map((concern) => {
    const { student } = concern
    const course = courseOf(concern, relations.courses)
    const staff = (course !== undefined && staffOf.get(course)) || []
    const recipients = [
      ...staffFor(placesOf.get(`${course} ${student}`) ?? [], staff),
      ...(advisersOf.get(student) ?? []).map(({ educator }): Recipient => ({ educator, reason: "adviser" })),
      ...(staff.length > 0 ? [] : (teachersOf.get(student) ?? [])).map(
        ({ educator }): Recipient => ({ educator, reason: "teaches" }),
      ),
    ]
    if (recipients.length === 0) return { recipients, nobody: whyNobody(course, staff) }
    return { recipients: firstOfEach(recipients) }
  })
}

/** Those of a course's staff whom a student with these places in it concerns: a section is asked for only where both have one. */
function staffFor(places: readonly Place[], staff: readonly Place[]): Recipient[] {
  const sections = new Set(places.flatMap(({ section }) => section || []))
  const concerned = staff.filter(({ section }) => !section || sections.size === 0 || sections.has(section))
  return concerned
    .map(({ person, section }): Recipient => {
      return { educator: person, reason: section && sections.has(section) ? "section" : "course" }
    })
    .sort((a, b) => Number(b.reason === "section") - Number(a.reason === "section"))
}

function whyNobody(course: number | undefined, staff: readonly Place[]): Nobody {
  if (course === undefined) return "no_course"
  return staff.length > 0 ? "other_sections" : "no_staff"
}

function firstOfEach(recipients: readonly Recipient[]): Recipient[] {
  const byEducator = new Map(recipients.toReversed().map((recipient) => [recipient.educator, recipient]))
  return [...byEducator.values()].sort((a, b) => a.educator - b.educator)
}
