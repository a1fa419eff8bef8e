import type { DirectoryChange } from "./directory.ts"

/** Who teaches which course, or which section of it, to whom. */
const classes = [
  { educator: 42, name: "이수진", course: 3, section: null, students: [1, 2, 3, 4, 5, 6, 7, 8] },
  { educator: 43, name: "박준형", course: 4, section: null, students: [5, 6, 7, 8, 9, 10, 11, 12] },
  { educator: 44, name: "Grace Kim", course: 5, section: "A", students: [1, 3, 7, 9, 11] },
  { educator: 45, name: "한지민", course: 5, section: "B", students: [2, 4, 6, 8] },
]

/** Homeroom teachers, who hear of everything that theirs do. */
const homerooms = [
  { educator: 43, students: [9, 10, 11, 12] },
  { educator: 45, students: [2, 3, 4, 5] },
]

const pairsOf = (groups: readonly { educator: number; students: readonly number[] }[]) =>
  groups.flatMap(({ educator, students }) => students.map((student) => ({ educator, student })))

/** A small Korean middle school for the demo: four educators, twelve students, most of whom several of them teach. */
export const sampleSchool = {
  students: [
    { id: 1, userId: "seoyeon", name: "이서연" },
    { id: 2, userId: "dohyun", name: "박도현" },
    { id: 3, userId: "jiwoo", name: "최지우" },
    { id: 4, userId: "haeun", name: "정하은" },
    { id: 5, userId: "junseo", name: "강준서" },
    { id: 6, userId: "yuna", name: "조유나" },
    { id: 7, userId: "minsu", name: "김민수" },
    { id: 8, userId: "siwoo", name: "윤시우" },
    { id: 9, userId: "soyul", name: "장소율" },
    { id: 10, userId: "taeyang", name: "임태양" },
    { id: 11, userId: "emma", name: "Emma Wilson" },
    { id: 12, userId: "gaeun", name: "한가은" },
  ],
  courses: [
    { id: 3, name: "중1 수학" },
    { id: 4, name: "중1 과학" },
    { id: 5, name: "중1 영어" },
  ],
  assignments: [
    { id: 8, courseId: 3, name: "2장 연습 문제", dueAt: "2026-11-20T09:00:00.000Z" },
    { id: 9, courseId: 3, name: "3장 과제", dueAt: "2026-11-27T09:00:00.000Z" },
    { id: 10, courseId: 4, name: "식물 세포 관찰 보고서", dueAt: "2026-11-26T09:00:00.000Z" },
    { id: 11, courseId: 5, name: "My Favorite Book", dueAt: "2026-11-30T09:00:00.000Z" },
  ],
  quizzes: [
    { id: 1, courseId: 3, name: "일차방정식 쪽지 시험", dueAt: null },
    { id: 2, courseId: 4, name: "광합성 퀴즈", dueAt: "2026-11-25T09:00:00.000Z" },
    { id: 3, courseId: 5, name: "Unit 7 단어 시험", dueAt: null },
  ],
  lessons: [
    { id: 1, courseId: 3, name: "좌표평면과 그래프", dueAt: null },
    { id: 2, courseId: 3, name: "정비례와 반비례", dueAt: "2026-11-28T09:00:00.000Z" },
    { id: 3, courseId: 4, name: "광합성과 호흡", dueAt: null },
    { id: 4, courseId: 5, name: "과거 시제로 말하기", dueAt: null },
  ],
  courseStaff: classes.map(({ course, educator, section }) => ({ course, educator, section })),
  courseStudents: classes.flatMap(({ course, section, students }) =>
    students.map((student) => ({ course, student, section })),
  ),
  advises: pairsOf(homerooms),
  teaches: pairsOf(classes),
} satisfies DirectoryChange

/** The same school as its demo page shows it: educators by name, and each student with who teaches them what and who advises them. */
export const samplePage = {
  ...sampleSchool,
  educators: classes.map(({ educator, name }) => ({ index: educator, name })),
  students: sampleSchool.students.map((student) => {
    const those = <T extends { students: readonly number[] }>(groups: readonly T[]) =>
      groups.filter(({ students }) => students.includes(student.id))
    return {
      ...student,
      courses: those(classes).map(({ course, section, educator }) => ({ id: course, section, educator })),
      advisers: those(homerooms).map(({ educator }) => educator),
    }
  }),
}
