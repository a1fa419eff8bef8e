import type { WireNotification } from "../src/wire.ts"

/** A notification of the usual size. */
export function sampleNotification(index: number): WireNotification {
  const course = { id: 3, name: "중1 수학" }
  return {
    알림_고유_아이디: 891_859_784_744_960 + index,
    교육자_유저인덱스: 42,
    학생_유저인덱스: 7,
    학생_유저아이디: "minsu",
    학생_유저이름: "김민수",
    열람일: null,
    유형: "assignment.submitted",
    발생일: "2026-11-22T05:30:00.000Z",
    까닭: "course",
    제목: "과제 제출",
    본문: "김민수 학생이 ‘3장 과제’를 제출했습니다.",
    상세: {
      assignmentId: 9,
      courseId: 3,
      late: false,
      assignment: { id: 9, courseId: 3, name: "3장 과제", dueAt: "2026-11-27T09:00:00.000Z" },
      course,
    },
  }
}
