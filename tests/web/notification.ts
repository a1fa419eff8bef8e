import type { WireNotification } from "../../src/wire.ts"

/** A notification as a bell is sent it: unread, unless said otherwise. */
export function notification(id: number, more: Partial<WireNotification> = {}): WireNotification {
  return {
    알림_고유_아이디: id,
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
    상세: { courseId: 3 },
    ...more,
  }
}
