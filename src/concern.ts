import type { Event } from "./event.ts"
import type { Json } from "./json.ts"
import type { Concern, Work } from "./recipient.ts"

/** The members of an event's data that name works, in every kind and in types that nobody registered. */
const WORKS = { assignmentId: "assignment", quizId: "quiz", lessonId: "lesson" } as const satisfies Record<
  string,
  Work["noun"]
>

/** What of an event decides who is told. A course that it names itself outweighs those of the works it names. */
export function concernOf({ student, data }: Pick<Event, "student" | "data">): Concern {
  if (isId(data.courseId)) return { student, course: data.courseId, works: [] }
  const works = Object.entries(WORKS).flatMap(([member, noun]) => {
    const id = data[member]
    return isId(id) ? [{ noun, id }] : []
  })
  return { student, works }
}

function isId(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0
}
