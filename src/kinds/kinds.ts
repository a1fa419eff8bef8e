import type { Field } from "../history/condition.ts"
import { type Issue, issuesOf } from "../issues.ts"
import type { JsonObject } from "../json.ts"
import { assignmentGraded } from "./assignment-graded.ts"
import { assignmentSubmitted } from "./assignment-submitted.ts"
import { attendanceRecorded } from "./attendance-recorded.ts"
import { discussionReplied } from "./discussion-replied.ts"
import type { Kind } from "./kind.ts"
import { lessonCompleted } from "./lesson-completed.ts"
import { progressOverdue } from "./progress-overdue.ts"
import { questionAsked } from "./question-asked.ts"
import { quizGraded } from "./quiz-graded.ts"
import { quizSubmitted } from "./quiz-submitted.ts"

/** Every kind that has texts and filters of its own. Events of other types are welcome too, and told with a generic text. */
export const kinds = [
  assignmentSubmitted,
  assignmentGraded,
  quizSubmitted,
  quizGraded,
  lessonCompleted,
  questionAsked,
  discussionReplied,
  attendanceRecorded,
  progressOverdue,
] as const satisfies readonly Kind[]

export type AnyKind = (typeof kinds)[number]
export type KindType = AnyKind["type"]

const byType = new Map<string, AnyKind>(kinds.map((kind) => [kind.type, kind]))

export function kindOf(type: string): AnyKind | undefined {
  return byType.get(type)
}

/** The fields that can be filtered on without being configured, each once; a name has the same type in every kind. */
export function fieldsOfKinds(): Field[] {
  const fields = kinds.flatMap<Field>((kind) => kind.fields)
  return [...new Map(fields.map((field) => [field.path, field])).values()]
}

/** What is wrong with an event's data, pointed at from `at`; nothing when the type is not registered. */
export function checkData(type: string, data: JsonObject, at = "#/data"): Issue[] {
  const read = kindOf(type)?.data.safeParse(data)
  return read?.error ? issuesOf(read.error, at) : []
}
