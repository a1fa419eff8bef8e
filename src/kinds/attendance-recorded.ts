import { z } from "zod"
import { defineKind } from "./kind.ts"
import { courseId, lessonId } from "./members.ts"

export const attendanceRecorded = defineKind({
  type: "attendance.recorded",
  summary: "A student's attendance in a class was recorded.",
  data: z.looseObject({
    courseId,
    lessonId: lessonId.optional(),
    status: z
      .enum(["present", "late", "absent", "excused"])
      .describe("Present, late, absent, or absent for an accepted reason."),
    minutesLate: z.int().nonnegative().optional().describe("By how many minutes the student was late."),
  }),
  filterable: { courseId: "number", lessonId: "number", status: "string" },
  rows: { course: "courseId", lesson: "lessonId" },
})
