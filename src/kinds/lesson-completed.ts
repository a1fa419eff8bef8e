import { z } from "zod"
import { defineKind } from "./kind.ts"
import { courseId, lessonId, seconds } from "./members.ts"

export const lessonCompleted = defineKind({
  type: "lesson.completed",
  summary: "A student reached the end of a lesson.",
  data: z.looseObject({
    lessonId,
    courseId: courseId.optional(),
    seconds: seconds.optional().describe("How long the student spent on it, in seconds."),
  }),
  filterable: { lessonId: "number", courseId: "number" },
  rows: { lesson: "lessonId", course: "courseId" },
})
