import { type Language, spoken } from "../bell/texts.ts"
import { type ActivityName, anything, eventOf, type NativeEvent } from "./activities.ts"
import { type Bell, openBells } from "./bells.ts"
import { poster, type Trace } from "./post.ts"
import { coursesWith, type Educator, type School, type Student, studentsOf } from "./school.ts"
import { type Texts, texts } from "./texts.ts"

/** The page's whole state, and what can be done with it. */
export type Model = {
  school: School
  educator: Educator
  student: Student
  /** In which of their courses the student does something. */
  courseId: number
  /** Of all educators, by their index. */
  bells: ReadonlyMap<number, Bell>
  language: Language
  t: Texts
  dark: boolean
  inClass: boolean
  trace: Trace | undefined
  setLanguage(language: Language): void
  setDark(dark: boolean): void
  setEducator(index: number): void
  choose(student: Student): void
  setCourse(id: number): void
  act(name: ActivityName): void
  toggleClass(): void
}

/** In class something happens every 1 to 3 seconds. */
const pause = () => 1_000 + Math.random() * 2_000

/** Begins with the educator and the language that are asked for, if there are such. `changed` is told of each change. */
export function openModel(
  school: School,
  asked: URLSearchParams,
  changed: (model: Model, part: Partial<Model>) => void,
): Model {
  const language = spoken(asked.get("language"), navigator.language, school.language)
  const { post, rang } = poster(school.source.secret, (trace) => change({ trace }))
  const { bells, quiet } = openBells(school, language, { rang, changed: () => change({}) })
  let next: ReturnType<typeof setTimeout> | undefined

  const model: Model = {
    school,
    ...someone(school, Number(asked.get("educator"))),
    bells,
    language,
    t: texts[language],
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    inClass: false,
    trace: undefined,
    setLanguage: (language) => change({ language, t: texts[language] }),
    setDark: (dark) => change({ dark }),
    setEducator: (index) => change(someone(school, index, model.student)),
    choose: (student) => change(withStudent(model.educator, student)),
    setCourse: (courseId) => change({ courseId }),
    act: (name) => happen(eventOf(school, model.student, model.courseId, name)),
    toggleClass() {
      clearTimeout(next)
      change({ inClass: !model.inClass })
      if (model.inClass) goOn()
    },
  }

  function goOn(): void {
    happen(anything(school, model.educator.index))
    next = setTimeout(goOn, pause())
  }

  function happen(event: NativeEvent | undefined): void {
    if (!event) return
    quiet()
    post(event)
  }

  function change(part: Partial<Model>): void {
    Object.assign(model, part)
    changed(model, part)
  }

  return model
}

type Someone = Pick<Model, "educator" | "student" | "courseId">

/** An educator, the first unless there is one of this index, and the first of their students unless `wanted` is one. */
function someone(school: School, index: number, wanted?: Student): Someone {
  const educator = school.educators.find((candidate) => candidate.index === index) ?? school.educators[0]
  const students = educator ? studentsOf(school, educator.index) : []
  const student = students.find((candidate) => candidate === wanted) ?? students[0]
  if (!educator || !student) throw new Error("The school is empty")
  return withStudent(educator, student)
}

/** In a course of the educator's own, so that their bell rings until another course is chosen. */
function withStudent(educator: Educator, student: Student): Someone {
  const [course] = coursesWith(student, educator.index)
  if (!course) throw new Error(`${student.name} attends nothing`)
  return { educator, student, courseId: course.id }
}
