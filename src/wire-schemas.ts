import { z } from "zod"
import type { Selection } from "./history/inbox.ts"
import type { JsonObject } from "./json.ts"
import { Problem, type ProblemCode, problems } from "./problem.ts"
import { type Nobody, REASONS } from "./recipient.ts"
import { REFRESH_REASONS, type RefreshReason, type WireNotification, type WireRead } from "./wire.ts"

/** How many notifications one request may mark as read by id. */
const SELECTED = 1000

export const userIndex = z.int().positive().meta({ description: "A user's index: a positive whole number below 2^53" })
export const notificationId = z.int().positive().meta({ description: "Below 2^53, sortable by time" })
export const instant = z.iso
  .datetime()
  .meta({ description: "ISO 8601, UTC, milliseconds", examples: ["2026-11-22T05:30:00.000Z"] })
export const jsonObject = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject>

const reason = z.enum(REASONS)

export const wireNotification = z.object({
  알림_고유_아이디: notificationId,
  교육자_유저인덱스: userIndex,
  학생_유저인덱스: userIndex,
  학생_유저아이디: z.string().nullable(),
  학생_유저이름: z.string().nullable(),
  열람일: instant.nullable().meta({ description: "When the educator opened it; null until then" }),
  유형: z.string().meta({ description: "The event's type", examples: ["assignment.submitted"] }),
  발생일: instant,
  까닭: reason.nullable().meta({
    description:
      "Why this educator is told: `named` by the event, staff of the student's `section` or of the whole `course`, the student's `adviser`, or someone who `teaches` the student; null of old ones",
  }),
  제목: z.string(),
  본문: z.string(),
  상세: jsonObject.meta({ description: "The event's data, with the names of what it refers to" }),
}) satisfies z.ZodType<WireNotification>

export const unreadCount = z.object({ 안읽은_수: z.int().nonnegative() })

/** Some notifications by id, or all that the educator has. */
export const readSelection = z.union([
  z.strictObject({ 알림_고유_아이디: z.array(notificationId).min(1).max(SELECTED) }),
  z.strictObject({ 모두: z.literal(true) }),
])

/** What was marked: the ids that were unread before; `모두` when everything up to the first of them was. */
export const readOutcome = unreadCount.extend({
  알림_고유_아이디: z.array(notificationId),
  모두: z.literal(true).optional(),
  열람일: instant,
}) satisfies z.ZodType<WireRead>

/** Why the list must be fetched again. */
export const refreshNotice = z.object({ 이유: z.enum(REFRESH_REASONS) }) satisfies z.ZodType<{
  이유: RefreshReason
}>

export const notificationPage = z.object({
  items: z.array(wireNotification),
  next: z.string().nullable().meta({ description: "The cursor of the next page; null on the last" }),
})

/** What became of one posted event. */
export const eventResult = z.object({
  id: z.string().nullable().meta({ description: "The event's id as it was sent; null when it had none" }),
  status: z.enum(["accepted", "duplicate", "rejected", "withdrawn"]).meta({
    description: "`withdrawn`: its source has taken it back, so nobody is told; do not send it again",
  }),
  notifications: z.int().nonnegative().optional().meta({ description: "How many educators are told" }),
  recipients: z
    .array(z.object({ educator: userIndex, reason }))
    .optional()
    .meta({ description: "Of a dry run: whom it would be told to, and why" }),
  nobody: z
    .enum(["no_course", "no_staff", "other_sections"] satisfies Nobody[])
    .optional()
    .meta({ description: "Why nobody is told: `detail` says it in words" }),
  code: z
    .enum(["event_invalid", "too_many_recipients", "internal"] satisfies ProblemCode[])
    .optional()
    .meta({ description: "Of a rejected one; `internal`: it could not be stored, do not send it again unchanged" }),
  detail: z.string().optional(),
  pointer: z
    .string()
    .optional()
    .meta({ description: "Where the first mistake is", examples: ["#/3/data/courseId"] }),
})
export type EventResult = z.infer<typeof eventResult>

export const eventsAnswer = z.object({
  accepted: z.int().nonnegative(),
  duplicates: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  withdrawn: z.int().positive().optional().meta({ description: "Left out when there are none" }),
  results: z.array(eventResult).meta({ description: "In the order sent" }),
})

const codes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]]

export const problemBody = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(codes).meta({ description: "Stable; programs decide by it" }),
  instance: z.string().optional(),
})

/** The selection that a request or a socket sends. Throws `selection_invalid`. */
export function parseSelection(value: unknown): Selection {
  const { data, error } = readSelection.safeParse(value)
  if (error) {
    throw new Problem(
      "selection_invalid",
      `Send { 알림_고유_아이디: [..] } with 1 to ${SELECTED} ids, or { 모두: true }.`,
      { cause: error },
    )
  }
  return "모두" in data ? { all: true } : { ids: data.알림_고유_아이디 }
}
