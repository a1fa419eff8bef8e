type Work = { id: number; courseId: number; name: string }
export type Student = { id: number; userId: string; name: string; educators: number[]; courses: number[] }
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

export function studentsOf(school: School, educator: number): Student[] {
  return school.students.filter((student) => student.educators.includes(educator))
}

export function coursesOf(school: School, students: readonly Student[]) {
  return school.courses.filter(({ id }) => students.some((student) => student.courses.includes(id)))
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
