import { z } from "zod"
import { defineKind } from "./kind.ts"
import { assignmentId, courseId, max, score, text } from "./members.ts"

export const assignmentGraded = defineKind({
  type: "assignment.graded",
  summary: "A student's assignment was graded, by a person or by a program.",
  data: z.looseObject({
    assignmentId,
    courseId: courseId.optional(),
    score,
    max: max.optional(),
    comment: text.optional().describe("What the grader wrote to the student."),
  }),
  filterable: { assignmentId: "number", courseId: "number", score: "number" },
  rows: { assignment: "assignmentId", course: "courseId" },
})
