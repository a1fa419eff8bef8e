import type { JsonObject } from "../../src/json.ts"
import type { KindType } from "../../src/kinds/kinds.ts"
import type { IconName } from "../bell/icons.ts"
import { coursesWith, type School, type Student, studentsOf } from "./school.ts"

type Draft = { type: KindType; data: JsonObject } | undefined
/** What a student does in a course; nothing when the course has no such work. */
type Activity = { icon: IconName; happens(school: School, courseId: number): Draft }

const QUESTIONS = [
  "절댓값이 왜 항상 양수인가요?",
  "3번 문제에서 부호가 왜 바뀌나요?",
  "내일 준비물이 있나요?",
  "그래프의 기울기는 어떻게 구하나요?",
  "Could you explain the last example again?",
]
const TOPICS = ["우리 생활 속의 수학", "미래의 학교", "함께 읽는 책"]
const REPLIES = ["저는 다르게 생각해요.", "예를 하나 더 찾았어요!", "I think so, too!"]

const HOUR = 3_600_000

function pick<T>(choices: readonly T[]): T | undefined {
  return choices[Math.floor(Math.random() * choices.length)]
}
const between = (low: number, high: number) => low + Math.floor(Math.random() * (high - low + 1))
const ofCourse = <T extends { courseId: number }>(works: readonly T[], courseId: number) =>
  pick(works.filter((work) => work.courseId === courseId))

const activities = {
  handIn: {
    icon: "assignment",
    happens({ assignments }, courseId) {
      const assignment = ofCourse(assignments, courseId)
      return assignment && { type: "assignment.submitted", data: { assignmentId: assignment.id, courseId } }
    },
  },
  handInLate: {
    icon: "assignment",
    happens({ assignments }, courseId) {
      const assignment = ofCourse(assignments, courseId)
      return assignment && { type: "assignment.submitted", data: { assignmentId: assignment.id, courseId, late: true } }
    },
  },
  finishQuiz: {
    icon: "quiz",
    happens({ quizzes }, courseId) {
      const quiz = ofCourse(quizzes, courseId)
      return quiz && { type: "quiz.submitted", data: { quizId: quiz.id, courseId, seconds: between(180, 900) } }
    },
  },
  graded: {
    icon: "quiz",
    happens({ quizzes }, courseId) {
      const quiz = ofCourse(quizzes, courseId)
      return quiz && { type: "quiz.graded", data: { quizId: quiz.id, courseId, score: between(8, 20) * 5, max: 100 } }
    },
  },
  completeLesson: {
    icon: "lesson",
    happens({ lessons }, courseId) {
      const lesson = ofCourse(lessons, courseId)
      return lesson && { type: "lesson.completed", data: { lessonId: lesson.id, courseId } }
    },
  },
  ask: {
    icon: "question",
    happens: (_, courseId) => ({ type: "question.asked", data: { courseId, question: pick(QUESTIONS) ?? "?" } }),
  },
  reply: {
    icon: "discussion",
    happens: (_, courseId) => ({
      type: "discussion.replied",
      data: { courseId, topic: pick(TOPICS) ?? "", reply: pick(REPLIES) ?? "" },
    }),
  },
  late: {
    icon: "attendance",
    happens: (_, courseId) => ({
      type: "attendance.recorded",
      data: { courseId, status: "late", minutesLate: between(2, 15) },
    }),
  },
  overdue: {
    icon: "progress",
    happens({ assignments }, courseId) {
      const assignment = ofCourse(assignments, courseId)
      const dueAt = new Date(Date.now() - between(1, 30) * HOUR).toISOString()
      return assignment && { type: "progress.overdue", data: { courseId, assignmentId: assignment.id, dueAt } }
    },
  },
} satisfies Record<string, Activity>

export type ActivityName = keyof typeof activities

export const activityNames = Object.keys(activities) as ActivityName[]

export function iconOf(name: ActivityName): IconName {
  return activities[name].icon
}

/** One event as an LMS would post it. */
export type NativeEvent = { id: string; type: string; time: string; student: number; data: JsonObject }

export function eventOf(
  school: School,
  student: Student,
  courseId: number,
  name: ActivityName,
): NativeEvent | undefined {
  const draft = activities[name].happens(school, courseId)
  return draft && { id: uniqueId(), time: new Date().toISOString(), student: student.id, ...draft }
}

/** Not `crypto.randomUUID`, which a page has on localhost and by https only: the demo may be shown over a school's network. */
function uniqueId(): string {
  return `demo-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
}

/** What someone in the educator's class does next. */
export function anything(school: School, educator: number): NativeEvent | undefined {
  const [student, name] = [pick(studentsOf(school, educator)), pick(activityNames)]
  const course = student && pick(coursesWith(student, educator))
  return course && name && eventOf(school, student, course.id, name)
}
