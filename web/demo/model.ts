import type { WireNotification } from "../../src/wire.ts"
import { type Language, spoken } from "../bell/texts.ts"
import { type ActivityName, anything, eventOf } from "./activities.ts"
import { poster, type Trace } from "./post.ts"
import { type Educator, type School, type Student, studentsOf } from "./school.ts"
import { type Texts, texts } from "./texts.ts"

/** The page's whole state, and what can be done with it. */
export type Model = {
  school: School
  educator: Educator
  student: Student
  language: Language
  t: Texts
  dark: boolean
  inClass: boolean
  trace: Trace | undefined
  setLanguage(language: Language): void
  setDark(dark: boolean): void
  setEducator(index: number): void
  choose(student: Student): void
  act(name: ActivityName): void
  toggleClass(): void
  rang(notification: WireNotification): void
}

/** In class something happens every 1 to 3 seconds. */
const pause = () => 1_000 + Math.random() * 2_000

/** Begins with the educator and the language that are asked for, if there are such. `changed` is told of each change. */
export function openModel(
  school: School,
  asked: URLSearchParams,
  changed: (model: Model, part: Partial<Model>) => void,
): Model {
  const { post, rang } = poster(school.source.secret, (trace) => change({ trace }))
  const language = spoken(asked.get("language"), navigator.language, school.language)
  let next: ReturnType<typeof setTimeout> | undefined

  const model: Model = {
    school,
    ...someone(school, Number(asked.get("educator"))),
    language,
    t: texts[language],
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    inClass: false,
    trace: undefined,
    setLanguage: (language) => change({ language, t: texts[language] }),
    setDark: (dark) => change({ dark }),
    setEducator: (index) => change({ ...someone(school, index), trace: undefined }),
    choose: (student) => change({ student }),
    act(name) {
      const event = eventOf(school, model.student, name)
      if (event) post(event)
    },
    toggleClass() {
      clearTimeout(next)
      change({ inClass: !model.inClass })
      if (model.inClass) goOn()
    },
    rang,
  }

  function goOn(): void {
    const event = anything(school, studentsOf(school, model.educator.index))
    if (event) post(event)
    next = setTimeout(goOn, pause())
  }

  function change(part: Partial<Model>): void {
    Object.assign(model, part)
    changed(model, part)
  }

  return model
}

/** An educator, the first unless there is one of this index, and the first of their students. */
function someone(school: School, index: number): Pick<Model, "educator" | "student"> {
  const educator = school.educators.find((candidate) => candidate.index === index) ?? school.educators[0]
  const [student] = educator ? studentsOf(school, educator.index) : []
  if (!educator || !student) throw new Error("The school is empty")
  return { educator, student }
}
