import { z } from "zod"
import { defineKind } from "./kind.ts"
import { attempt, courseId, max, quizId, score } from "./members.ts"

export const quizGraded = defineKind({
  type: "quiz.graded",
  summary: "A student's quiz got its score.",
  data: z.looseObject({
    quizId,
    courseId: courseId.optional(),
    score,
    max: max.optional(),
    attempt: attempt.optional(),
    passed: z.boolean().optional().describe("Whether the score is enough to pass."),
  }),
  filterable: { quizId: "number", courseId: "number", score: "number", passed: "boolean" },
  rows: { quiz: "quizId", course: "courseId" },
})
