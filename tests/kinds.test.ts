import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { z } from "zod"
import { cachedDirectory } from "../src/directory/cached.ts"
import type { WritableDirectory } from "../src/directory/directory.ts"
import { sampleSchool } from "../src/directory/sample-school.ts"
import { sqliteDirectory } from "../src/directory/sqlite.ts"
import type { JsonObject } from "../src/json.ts"
import { checkData, fieldsOfKinds, type KindType, kindOf, kinds } from "../src/kinds/kinds.ts"
import { chooseLanguage, languages } from "../src/locales/locales.ts"
import { withParticle } from "../src/locales/particle.ts"
import type { Notification } from "../src/notification.ts"
import { presenter } from "../src/present.ts"

type Sample = { data: JsonObject; student?: number; ko: string; en: string }

/** What students of the sample school did, student 7 (김민수) unless another is named, and what is said of it. */
const samples: Record<KindType | "lab.entered", Sample[]> = {
  "assignment.submitted": [
    {
      data: { assignmentId: 9, courseId: 3, late: false },
      ko: "김민수 학생이 ‘3장 과제’를 제출했습니다.",
      en: "김민수 submitted “3장 과제”.",
    },
    {
      data: { assignmentId: 11, late: true, attempt: 2 },
      student: 11,
      ko: "Emma Wilson 학생이 ‘My Favorite Book’을 기한을 넘겨 다시 제출했습니다.",
      en: "Emma Wilson resubmitted “My Favorite Book” late.",
    },
    {
      data: { assignmentId: 99 },
      student: 102,
      ko: "학생 102가 과제 99를 제출했습니다.",
      en: "Student 102 submitted assignment 99.",
    },
    {
      data: { assignmentId: 98 },
      student: 107,
      ko: "학생 107이 과제 98을 제출했습니다.",
      en: "Student 107 submitted assignment 98.",
    },
  ],
  "assignment.graded": [
    {
      data: { assignmentId: 9, score: 87.5, max: 100 },
      ko: "김민수 학생의 ‘3장 과제’가 채점되었습니다. 100점 만점에 87.5점입니다.",
      en: "김민수 got 87.5 of 100 points for “3장 과제”.",
    },
    {
      data: { assignmentId: 8, score: 1, max: 1, comment: "좋아요" },
      ko: "김민수 학생의 ‘2장 연습 문제’가 채점되었습니다. 1점 만점에 1점입니다.",
      en: "김민수 got 1 of 1 point for “2장 연습 문제”.",
    },
  ],
  "quiz.submitted": [
    {
      data: { quizId: 1, courseId: 3, attempt: 1, seconds: 340 },
      ko: "김민수 학생이 ‘일차방정식 쪽지 시험’을 제출했습니다.",
      en: "김민수 submitted “일차방정식 쪽지 시험”.",
    },
    {
      data: { quizId: 2, attempt: 3 },
      ko: "김민수 학생이 ‘광합성 퀴즈’를 다시 제출했습니다.",
      en: "김민수 resubmitted “광합성 퀴즈”.",
    },
  ],
  "quiz.graded": [
    {
      data: { quizId: 1, score: 1 },
      ko: "김민수 학생의 ‘일차방정식 쪽지 시험’이 채점되었습니다. 1점입니다.",
      en: "김민수 got 1 point for “일차방정식 쪽지 시험”.",
    },
    {
      data: { quizId: 3, score: 8, max: 10, passed: true },
      ko: "김민수 학생의 ‘Unit 7 단어 시험’이 채점되었습니다. 10점 만점에 8점입니다.",
      en: "김민수 got 8 of 10 points for “Unit 7 단어 시험”.",
    },
  ],
  "lesson.completed": [
    {
      data: { lessonId: 2, courseId: 3 },
      ko: "김민수 학생이 ‘정비례와 반비례’를 끝까지 학습했습니다.",
      en: "김민수 completed “정비례와 반비례”.",
    },
    {
      data: { lessonId: 3 },
      ko: "김민수 학생이 ‘광합성과 호흡’을 끝까지 학습했습니다.",
      en: "김민수 completed “광합성과 호흡”.",
    },
  ],
  "question.asked": [
    {
      data: { courseId: 3 },
      ko: "김민수 학생이 ‘중1 수학’에 질문을 남겼습니다.",
      en: "김민수 asked a question in “중1 수학”.",
    },
    {
      data: { courseId: 3, lessonId: 1, question: "원점도 \n좌표축 위에 있나요?" },
      ko: "김민수 학생이 ‘중1 수학’에 질문을 남겼습니다. “원점도 좌표축 위에 있나요?”",
      en: "김민수 asked a question in “중1 수학”: “원점도 좌표축 위에 있나요?”",
    },
    {
      data: { courseId: 3, question: "😀".repeat(100) },
      ko: `김민수 학생이 ‘중1 수학’에 질문을 남겼습니다. “${"😀".repeat(79)}…”`,
      en: `김민수 asked a question in “중1 수학”: “${"😀".repeat(79)}…”`,
    },
  ],
  "discussion.replied": [
    {
      data: { courseId: 4, discussionId: 5, topic: "식물은 밤에 무엇을 할까?", reply: "숨을 쉬어요." },
      ko: "김민수 학생이 ‘식물은 밤에 무엇을 할까?’ 토론에 댓글을 남겼습니다. “숨을 쉬어요.”",
      en: "김민수 posted a reply in “식물은 밤에 무엇을 할까?”: “숨을 쉬어요.”",
    },
    {
      data: { courseId: 4, replies: 2 },
      ko: "김민수 학생이 ‘중1 과학’ 토론에 댓글 2개를 남겼습니다.",
      en: "김민수 posted 2 replies in “중1 과학”.",
    },
  ],
  "attendance.recorded": [
    {
      data: { courseId: 3, status: "present" },
      ko: "김민수 학생이 ‘중1 수학’ 수업에 출석했습니다.",
      en: "김민수 was present in “중1 수학”.",
    },
    {
      data: { courseId: 3, status: "late", minutesLate: 1 },
      ko: "김민수 학생이 ‘중1 수학’ 수업에 1분 지각했습니다.",
      en: "김민수 was 1 minute late for “중1 수학”.",
    },
    {
      data: { courseId: 3, status: "late", minutesLate: 2 },
      ko: "김민수 학생이 ‘중1 수학’ 수업에 2분 지각했습니다.",
      en: "김민수 was 2 minutes late for “중1 수학”.",
    },
    {
      data: { courseId: 3, status: "late" },
      ko: "김민수 학생이 ‘중1 수학’ 수업에 지각했습니다.",
      en: "김민수 was late for “중1 수학”.",
    },
    {
      data: { courseId: 99, status: "absent" },
      ko: "김민수 학생이 강좌 99 수업에 결석했습니다.",
      en: "김민수 was absent from course 99.",
    },
    {
      data: { courseId: 3, status: "excused" },
      ko: "김민수 학생의 ‘중1 수학’ 수업 결석이 인정되었습니다.",
      en: "김민수 was excused from “중1 수학”.",
    },
  ],
  "progress.overdue": [
    {
      data: { courseId: 3, quizId: 1 },
      ko: "김민수 학생이 ‘일차방정식 쪽지 시험’을 기한까지 마치지 않았습니다.",
      en: "김민수 has not finished “일차방정식 쪽지 시험” in time.",
    },
    {
      data: { courseId: 3, assignmentId: 9, dueAt: "2026-11-20T09:00:00Z" },
      ko: "김민수 학생이 ‘3장 과제’를 기한인 11월 20일 (금) 오후 6:00까지 마치지 않았습니다.",
      en: "김민수 has not finished “3장 과제”, which was due Fri, November 20 at 6:00 PM.",
    },
    {
      data: { courseId: 3, quizId: 1, dueAt: "2026-11-21T00:30:00+09:00" },
      ko: "김민수 학생이 ‘일차방정식 쪽지 시험’을 기한인 11월 21일 (토) 오전 12:30까지 마치지 않았습니다.",
      en: "김민수 has not finished “일차방정식 쪽지 시험”, which was due Sat, November 21 at 12:30 AM.",
    },
    {
      data: { courseId: 3, lessonId: 1, dueAt: "2026-11-20T09:00:00Z" },
      ko: "김민수 학생이 ‘좌표평면과 그래프’를 기한인 11월 20일 (금) 오후 6:00까지 마치지 않았습니다.",
      en: "김민수 has not finished “좌표평면과 그래프”, which was due Fri, November 20 at 6:00 PM.",
    },
    {
      data: { courseId: 3, dueAt: "2026-11-20T09:00:00Z" },
      ko: "김민수 학생이 ‘중1 수학’을 기한인 11월 20일 (금) 오후 6:00까지 마치지 않았습니다.",
      en: "김민수 has not finished “중1 수학”, which was due Fri, November 20 at 6:00 PM.",
    },
  ],
  "lab.entered": [
    {
      data: { anything: ["goes"] },
      ko: "김민수 학생의 새 활동이 있습니다. (lab.entered)",
      en: "There is new activity by 김민수 (lab.entered).",
    },
  ],
}

describe("what is said", () => {
  let directory: WritableDirectory
  beforeAll(async () => {
    directory = sqliteDirectory({ path: ":memory:" })
    await directory.apply(sampleSchool)
  })
  afterAll(() => directory.close())

  for (const [type, ofType] of Object.entries(samples))
    for (const { data, student = 7, ...said } of ofType)
      test(`of ${type} ${JSON.stringify(data).slice(0, 80)}`, async () => {
        expect(checkData(type, data)).toEqual([])
        const { find } = cachedDirectory(directory, { report() {} })
        const present = presenter({ find, timeZone: "Asia/Seoul" })
        const occurredAt = "2026-11-22T05:30:00.000Z"
        const notification: Notification = {
          id: 1,
          position: 1,
          educator: 42,
          student,
          source: "lms",
          eventId: "1",
          type,
          occurredAt,
          reason: "course",
          readAt: null,
          data,
        }
        for (const language of languages) {
          const [presented] = await present([notification], language)
          expect(presented?.body).toBe(said[language])
          expect(presented?.title).toMatch(language === "ko" ? /^[가-힣 ]+$/ : /^[A-Z][a-z ]+$/)
        }
      })
})

describe("the kinds", () => {
  test("have each a type of its own", () => {
    expect(new Set(kinds.map(({ type }) => type)).size).toBe(kinds.length)
    expect(kinds.map(({ type }) => kindOf(type)?.type)).toEqual(kinds.map(({ type }) => type))
    expect(kindOf("__proto__")).toBeUndefined()
  })

  test("agree on the type of a field that several have", () => {
    const declared = new Set(kinds.flatMap(({ fields }) => fields.map(({ path, type }) => `${path} ${type}`)))
    expect(fieldsOfKinds().map(({ path, type }) => `${path} ${type}`)).toEqual([...declared])
  })

  test("describe every member for the API's readers", () => {
    for (const { type, summary, data } of kinds) {
      const { properties = {}, additionalProperties } = z.toJSONSchema(data, { io: "input" })
      expect(summary).toEndWith(".")
      expect(additionalProperties).toEqual({})
      for (const [member, schema] of Object.entries(properties))
        expect(schema, `${type} ${member}`).toHaveProperty("description")
    }
  })

  test("say where data is wrong, and keep what they do not know", () => {
    expect(checkData("assignment.graded", { assignmentId: 1.5, score: "8" }).map(({ pointer }) => pointer)).toEqual([
      "#/data/assignmentId",
      "#/data/score",
    ])
    expect(checkData("progress.overdue", { courseId: 3, dueAt: "2026-11-20" }, "#/2/data")).toEqual([
      { pointer: "#/2/data/dueAt", detail: expect.stringContaining("ISO 8601") },
    ])
    expect(checkData("lesson.completed", { lessonId: 2 ** 53 })).toHaveLength(1)
    expect(checkData("question.asked", { courseId: 3, question: "?".repeat(2001) })).toHaveLength(1)
    expect(checkData("lesson.completed", { lessonId: 2, room: { name: "3-1" } })).toEqual([])
    expect(checkData("lab.entered", { lessonId: "anything" })).toEqual([])
  })
})

describe("a particle", () => {
  test.each([
    ["김민수", "김민수가"],
    ["김지현", "김지현이"],
    ["Minsu", "Minsu가"],
    ["John", "John이"],
    ["Nicole", "Nicole이"],
    ["Alex", "Alex가"],
    ["André", "André가"],
    ["PDF", "PDF가"],
    ["HTML", "HTML이"],
    ["학생 2", "학생 2가"],
    ["학생 10", "학생 10이"],
    ["‘Unit 1’", "‘Unit 1’이"],
    ["‘3장 과제 (다시)’", "‘3장 과제 (다시)’가"],
    ["김민수".normalize("NFD"), `${"김민수".normalize("NFD")}가`],
    ["漢字", "漢字이(가)"],
    ["", "이(가)"],
  ])("of %p", (word, expected) => {
    expect(withParticle(word, "이/가")).toBe(expected)
  })
})

describe("a language", () => {
  test.each([
    ["ko", "ko"],
    ["ko-KR", "ko"],
    ["EN_us", "en"],
    ["fr-CH, en;q=0.9, ko;q=0.8, *;q=0.5", "en"],
    ["en;q=0.3,ko;q=0.9", "ko"],
    ["en;q=0, ko;q=0.1", "ko"],
    ["en;q=rubbish", "ko"],
    ["fr", "ko"],
    ["*", "ko"],
    ["__proto__,constructor", "ko"],
    ["", "ko"],
    [null, "ko"],
    [undefined, "ko"],
  ] as const)("is chosen for %p", (wanted, chosen) => {
    expect(chooseLanguage(wanted, "ko")).toBe(chosen)
  })

  test("is chosen whatever is asked for", () => {
    const pieces = fc.constantFrom("ko", "en", "fr", "-KR", ";", "q=", "0.5", "-1", "1e9", ",", " ", "*", "NaN")
    const wishes = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(pieces).map((some) => some.join("")),
    )
    fc.assert(fc.property(wishes, (wanted) => languages.includes(chooseLanguage(wanted, "en"))))
  })
})
