import { z } from "zod"
import { defineKind } from "./kind.ts"
import { courseId, lessonId, text } from "./members.ts"

export const questionAsked = defineKind({
  type: "question.asked",
  summary: "A student asked a question, which waits for an answer.",
  data: z.looseObject({
    courseId,
    lessonId: lessonId.optional(),
    question: text.optional().describe("The question as the student wrote it, as plain text."),
  }),
  filterable: { courseId: "number", lessonId: "number" },
  rows: { course: "courseId", lesson: "lessonId" },
})
