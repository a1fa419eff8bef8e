import { IntlMessageFormat } from "intl-messageformat"
import { excerpt, type Locale, type Told } from "./locale.ts"

const outOf = message("{score, number} of {max, plural, one {# point} other {# points}}")
const alone = message("{score, plural, one {# point} other {# points}}")
const replies = message("{count, plural, one {a reply} other {# replies}}")
const minutes = message("{count, plural, one {# minute} other {# minutes}}")

const points = ({ score, max }: { score: number; max?: number }) =>
  max === undefined ? alone({ score }) : outOf({ score, max })
const name = ({ student }: Pick<Told<never>, "student">) => student.name ?? `Student ${student.id}`

/** A row by its name, else by what it is and its id. */
const called = (row: { name: string } | undefined, noun: string, id: number) =>
  row ? `“${row.name}”` : `${noun} ${id}`

/** Ends a sentence, with the text if there is one. */
const quoted = (text: string | undefined) => (text ? `: “${excerpt(text)}”` : ".")

const handedIn = (work: string, { late, attempt = 1 }: { late?: boolean; attempt?: number }) =>
  `${attempt > 1 ? "resubmitted" : "submitted"} ${work}${late ? " late" : ""}.`

export const en: Locale = {
  kinds: {
    "assignment.submitted": {
      title: "Assignment submitted",
      body: (told) =>
        `${name(told)} ${handedIn(called(told.rows.assignment, "assignment", told.data.assignmentId), told.data)}`,
    },
    "assignment.graded": {
      title: "Assignment graded",
      body: (told) =>
        `${name(told)} got ${points(told.data)} for ${called(told.rows.assignment, "assignment", told.data.assignmentId)}.`,
    },
    "quiz.submitted": {
      title: "Quiz submitted",
      body: (told) => `${name(told)} ${handedIn(called(told.rows.quiz, "quiz", told.data.quizId), told.data)}`,
    },
    "quiz.graded": {
      title: "Quiz graded",
      body: (told) => `${name(told)} got ${points(told.data)} for ${called(told.rows.quiz, "quiz", told.data.quizId)}.`,
    },
    "lesson.completed": {
      title: "Lesson completed",
      body: (told) => `${name(told)} completed ${called(told.rows.lesson, "lesson", told.data.lessonId)}.`,
    },
    "question.asked": {
      title: "New question",
      body(told) {
        const course = called(told.rows.course, "course", told.data.courseId)
        return `${name(told)} asked a question in ${course}${quoted(told.data.question)}`
      },
    },
    "discussion.replied": {
      title: "Discussion reply",
      body(told) {
        const { topic, courseId, replies: count = 1, reply } = told.data
        const place = topic ? `“${excerpt(topic)}”` : called(told.rows.course, "course", courseId)
        return `${name(told)} posted ${replies({ count })} in ${place}${quoted(reply)}`
      },
    },
    "attendance.recorded": {
      title: "Attendance",
      body(told) {
        const { courseId, status, minutesLate: count } = told.data
        const course = called(told.rows.course, "course", courseId)
        switch (status) {
          case "present":
            return `${name(told)} was present in ${course}.`
          case "late":
            return `${name(told)} was ${count ? `${minutes({ count })} ` : ""}late for ${course}.`
          case "absent":
            return `${name(told)} was absent from ${course}.`
          case "excused":
            return `${name(told)} was excused from ${course}.`
        }
      },
    },
    "progress.overdue": {
      title: "Overdue",
      body(told) {
        const { courseId, assignmentId, quizId, lessonId, dueAt } = told.data
        const work =
          (assignmentId && called(told.rows.assignment, "assignment", assignmentId)) ||
          (quizId && called(told.rows.quiz, "quiz", quizId)) ||
          (lessonId && called(told.rows.lesson, "lesson", lessonId)) ||
          called(told.rows.course, "course", courseId)
        return `${name(told)} has not finished ${work}${dueAt ? `, which was due ${told.when(dueAt)}` : " in time"}.`
      },
    },
  },
  other: {
    title: "New activity",
    body: (told) => `There is new activity by ${name(told)} (${excerpt(told.type)}).`,
  },
}

/** An ICU message whose values are all numbers. */
function message(pattern: string) {
  const format = new IntlMessageFormat(pattern, "en")
  return (values: Record<string, number>) => String(format.format(values))
}
