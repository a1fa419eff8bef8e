import { excerpt, type Locale, type Told } from "./locale.ts"
import { withParticle } from "./particle.ts"

const number = new Intl.NumberFormat("ko", { maximumFractionDigits: 2 })

const studentOf = ({ student }: Pick<Told<never>, "student">) =>
  student.name ? `${student.name} 학생` : `학생 ${student.id}`
const subject = (told: Pick<Told<never>, "student">) => withParticle(studentOf(told), "이/가")

/** A row by its name, in quotation marks, which no particle heeds; else by what it is and its id. */
const called = (row: { name: string } | undefined, noun: string, id: number) =>
  row ? `‘${row.name}’` : `${noun} ${id}`

const handedIn = ({ late, attempt = 1 }: { late?: boolean; attempt?: number }) =>
  [late && "기한을 넘겨", attempt > 1 && "다시", "제출했습니다."].filter(Boolean).join(" ")

const points = ({ score, max }: { score: number; max?: number }) =>
  `${max === undefined ? "" : `${number.format(max)}점 만점에 `}${number.format(score)}점입니다.`

const quoted = (text: string | undefined) => (text ? ` “${excerpt(text)}”` : "")

export const ko: Locale = {
  kinds: {
    "assignment.submitted": {
      title: "과제 제출",
      body(told) {
        const assignment = called(told.rows.assignment, "과제", told.data.assignmentId)
        return `${subject(told)} ${withParticle(assignment, "을/를")} ${handedIn(told.data)}`
      },
    },
    "assignment.graded": {
      title: "과제 채점",
      body(told) {
        const assignment = called(told.rows.assignment, "과제", told.data.assignmentId)
        return `${studentOf(told)}의 ${withParticle(assignment, "이/가")} 채점되었습니다. ${points(told.data)}`
      },
    },
    "quiz.submitted": {
      title: "퀴즈 제출",
      body(told) {
        const quiz = called(told.rows.quiz, "퀴즈", told.data.quizId)
        return `${subject(told)} ${withParticle(quiz, "을/를")} ${handedIn(told.data)}`
      },
    },
    "quiz.graded": {
      title: "퀴즈 채점",
      body(told) {
        const quiz = called(told.rows.quiz, "퀴즈", told.data.quizId)
        return `${studentOf(told)}의 ${withParticle(quiz, "이/가")} 채점되었습니다. ${points(told.data)}`
      },
    },
    "lesson.completed": {
      title: "학습 완료",
      body(told) {
        const lesson = called(told.rows.lesson, "수업", told.data.lessonId)
        return `${subject(told)} ${withParticle(lesson, "을/를")} 끝까지 학습했습니다.`
      },
    },
    "question.asked": {
      title: "새 질문",
      body(told) {
        const course = called(told.rows.course, "강좌", told.data.courseId)
        return `${subject(told)} ${course}에 질문을 남겼습니다.${quoted(told.data.question)}`
      },
    },
    "discussion.replied": {
      title: "토론 댓글",
      body(told) {
        const { topic, courseId, replies = 1, reply } = told.data
        const place = topic ? `‘${excerpt(topic)}’` : called(told.rows.course, "강좌", courseId)
        const written = replies > 1 ? `댓글 ${number.format(replies)}개를` : "댓글을"
        return `${subject(told)} ${place} 토론에 ${written} 남겼습니다.${quoted(reply)}`
      },
    },
    "attendance.recorded": {
      title: "출결 기록",
      body(told) {
        const { courseId, status, minutesLate } = told.data
        const lesson = `${called(told.rows.course, "강좌", courseId)} 수업`
        switch (status) {
          case "present":
            return `${subject(told)} ${lesson}에 출석했습니다.`
          case "late":
            return `${subject(told)} ${lesson}에 ${minutesLate ? `${number.format(minutesLate)}분 ` : ""}지각했습니다.`
          case "absent":
            return `${subject(told)} ${lesson}에 결석했습니다.`
          case "excused":
            return `${studentOf(told)}의 ${lesson} 결석이 인정되었습니다.`
        }
      },
    },
    "progress.overdue": {
      title: "기한 지남",
      body(told) {
        const { courseId, assignmentId, quizId, lessonId, dueAt } = told.data
        const work =
          (assignmentId && called(told.rows.assignment, "과제", assignmentId)) ||
          (quizId && called(told.rows.quiz, "퀴즈", quizId)) ||
          (lessonId && called(told.rows.lesson, "수업", lessonId)) ||
          called(told.rows.course, "강좌", courseId)
        return `${subject(told)} ${withParticle(work, "을/를")} ${dueAt ? `기한인 ${told.when(dueAt)}` : "기한"}까지 마치지 않았습니다.`
      },
    },
  },
  other: {
    title: "새 활동",
    body: (told) => `${studentOf(told)}의 새 활동이 있습니다. (${excerpt(told.type)})`,
  },
}
