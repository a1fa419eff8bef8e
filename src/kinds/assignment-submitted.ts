import { z } from "zod"
import { defineKind } from "./kind.ts"
import { assignmentId, attempt, courseId, late } from "./members.ts"

export const assignmentSubmitted = defineKind({
  type: "assignment.submitted",
  summary: "A student handed in an assignment, for the first time or again.",
  data: z.looseObject({
    assignmentId,
    courseId: courseId.optional(),
    late: late.optional(),
    attempt: attempt.optional(),
  }),
  filterable: { assignmentId: "number", courseId: "number", late: "boolean" },
  rows: { assignment: "assignmentId", course: "courseId" },
})
