type Work = { id: number; courseId: number; name: string }
/** A course as a student attends it: in a section, if it has some, and with whom. */
export type Attended = { id: number; section: string | null; educator: number }
export type Student = { id: number; userId: string; name: string; courses: Attended[]; advisers: number[] }
export type Educator = { index: number; name: string }

/** The sample school, as `GET /demo/school.json` tells it, and the secret of the source that plays the LMS. */
export type School = {
  source: { secret: string }
  language: string
  educators: Educator[]
  students: Student[]
  courses: { id: number; name: string }[]
  assignments: Work[]
  quizzes: Work[]
  lessons: Work[]
}

export async function loadSchool(): Promise<School> {
  const response = await fetch("/demo/school.json")
  if (!response.ok) throw new Error(`The school was answered with ${response.status}`)
  return await response.json()
}

/** An access token, as an LMS would hand one to the educator who is signed in. */
export async function tokenOf(educator: number): Promise<string> {
  const response = await fetch(`/demo/token?educator=${educator}`)
  const { token }: { token: string } = await response.json()
  return token
}

/** What an educator is to a student. */
export type Teacher = { educator: Educator; courses: Attended[]; adviser: boolean }

export function teachersOf(school: School, student: Student): Teacher[] {
  return school.educators
    .map((educator) => ({
      educator,
      courses: student.courses.filter((course) => course.educator === educator.index),
      adviser: student.advisers.includes(educator.index),
    }))
    .filter(({ courses, adviser }) => courses.length > 0 || adviser)
}

export function studentsOf(school: School, educator: number): Student[] {
  return school.students.filter(
    ({ courses, advisers }) => advisers.includes(educator) || courses.some((course) => course.educator === educator),
  )
}

/** The student's courses with the educator; all of them with one who only advises, and hears of all. */
export function coursesWith({ courses }: Student, educator: number): Attended[] {
  const own = courses.filter((course) => course.educator === educator)
  return own.length > 0 ? own : courses
}

/** What an educator teaches, each course and section with the number of its students. */
export function classesOf(school: School, educator: number) {
  const attended = school.students.flatMap(({ courses }) => courses.filter((course) => course.educator === educator))
  const classes = Map.groupBy(attended, ({ id, section }) => `${id} ${section}`)
  return [...classes.values()].flatMap(([course, ...others]) => (course ? { course, students: 1 + others.length } : []))
}

export function courseName(school: School, id: number): string {
  return school.courses.find((course) => course.id === id)?.name ?? `#${id}`
}

/** What an avatar shows: a Korean given name, or a Latin name's initials. */
export function initials(name: string): string {
  return /^[가-힣]{3,4}$/.test(name)
    ? name.slice(1)
    : name
        .split(/\s+/)
        .map((word) => word[0])
        .join("")
        .slice(0, 2)
}
