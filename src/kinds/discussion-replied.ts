import { z } from "zod"
import { defineKind } from "./kind.ts"
import { courseId, id, text } from "./members.ts"

export const discussionReplied = defineKind({
  type: "discussion.replied",
  summary: "A student replied in a discussion, once or, as a digest, several times.",
  data: z.looseObject({
    courseId,
    discussionId: id.optional().describe("The discussion."),
    topic: text.optional().describe("What the discussion is called."),
    reply: text.optional().describe("The latest reply as the student wrote it, as plain text."),
    replies: z.int().positive().optional().describe("How many replies this event stands for; 1 when left out."),
  }),
  filterable: { courseId: "number", discussionId: "number" },
  rows: { course: "courseId" },
})
