import { z } from "zod"
import { defineKind } from "./kind.ts"
import { attempt, courseId, late, quizId, seconds } from "./members.ts"

export const quizSubmitted = defineKind({
  type: "quiz.submitted",
  summary: "A student finished an attempt at a quiz.",
  data: z.looseObject({
    quizId,
    courseId: courseId.optional(),
    late: late.optional(),
    attempt: attempt.optional(),
    seconds: seconds.optional().describe("How long the attempt took, in seconds."),
  }),
  filterable: { quizId: "number", courseId: "number", late: "boolean" },
  rows: { quiz: "quizId", course: "courseId" },
})
