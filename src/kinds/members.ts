import { z } from "zod"

/** What the data of several kinds has in common. Every text is bounded: 2,000 characters. */
export const text = z.string().max(2000)
export const id = z.int().positive()
export const instant = z.iso.datetime({
  offset: true,
  error: "Invalid date: expected ISO 8601 with seconds and an offset, such as 2026-11-22T18:00:00+09:00",
})

export const courseId = id.describe("The course in which it happened.")
export const assignmentId = id.describe("The assignment.")
export const quizId = id.describe("The quiz.")
export const lessonId = id.describe("The lesson.")
export const attempt = z.int().positive().describe("Which attempt it is, counted from 1.")
export const score = z.number().describe("The points that were given.")
export const max = z.number().nonnegative().describe("The points that can be had; extra credit may go beyond them.")
export const late = z.boolean().describe("Whether it came after it was due.")
export const seconds = z.number().nonnegative()
