import { z } from "zod"
import { defineKind } from "./kind.ts"
import { assignmentId, courseId, instant, lessonId, quizId } from "./members.ts"

export const progressOverdue = defineKind({
  type: "progress.overdue",
  summary:
    "A student has not finished something by the time it was due: an assignment, a quiz, a lesson or the course itself.",
  data: z.looseObject({
    courseId,
    assignmentId: assignmentId.optional(),
    quizId: quizId.optional(),
    lessonId: lessonId.optional(),
    dueAt: instant.optional().describe("When it was due: ISO 8601 with an offset."),
  }),
  filterable: {
    courseId: "number",
    assignmentId: "number",
    quizId: "number",
    lessonId: "number",
    dueAt: "date",
  },
  rows: { course: "courseId", assignment: "assignmentId", quiz: "quizId", lesson: "lessonId" },
})
