import type { ProblemCode } from "../../src/problem.ts"

const ko = {
  notifications: "알림",
  unreadCount: (count: number) => `안 읽은 알림 ${count}개`,
  all: "전체",
  unread: "안 읽음",
  earlier: "지난 알림",
  anyCourse: "모든 과목",
  anyStudent: "모든 학생",
  course: "과목",
  student: "학생",
  clearFilters: "조건 지우기",
  markAll: "모두 읽음",
  markOne: "읽음으로 표시",
  more: "더 보기",
  loading: "불러오는 중…",
  retry: "다시 시도",
  empty: "아직 알림이 없습니다",
  emptyHint: "학생의 활동이 생기면 바로 여기에 나타납니다.",
  allRead: "모두 읽었습니다",
  allReadHint: "새로운 활동이 생기면 바로 알려 드릴게요.",
  noMatch: "조건에 맞는 알림이 없습니다",
  loadFailed: "알림을 불러오지 못했습니다.",
  readFailed: "읽음으로 표시하지 못했습니다.",
  connecting: "연결하는 중…",
  online: "실시간 연결됨",
  offline: "다시 연결하는 중…",
  refused: "연결할 수 없음",
  /** Why one is told of what happens in a course that may be another's; who teaches it needs no reason. */
  asAdviser: "담임 학생",
  arrived: (count: number, latest: string) => (count === 1 ? `새 알림: ${latest}` : `새 알림 ${count}개. ${latest}`),
  justNow: "방금",
}

export type Texts = typeof ko

const en: Texts = {
  notifications: "Notifications",
  unreadCount: (count) => `${count} unread`,
  all: "All",
  unread: "Unread",
  earlier: "Earlier",
  anyCourse: "All courses",
  anyStudent: "All students",
  course: "Course",
  student: "Student",
  clearFilters: "Clear filters",
  markAll: "Mark all read",
  markOne: "Mark as read",
  more: "Show more",
  loading: "Loading…",
  retry: "Try again",
  empty: "No notifications yet",
  emptyHint: "What your students do appears here the moment it happens.",
  allRead: "All caught up",
  allReadHint: "New activity will appear here at once.",
  noMatch: "Nothing matches these filters",
  loadFailed: "Notifications could not be loaded.",
  readFailed: "Could not be marked as read.",
  connecting: "Connecting…",
  online: "Live",
  offline: "Reconnecting…",
  refused: "Not connected",
  asAdviser: "your advisee",
  arrived: (count, latest) => (count === 1 ? `New notification: ${latest}` : `${count} new notifications. ${latest}`),
  justNow: "now",
}

export const texts = { ko, en }
export type Language = keyof typeof texts

type Refusals = Partial<Record<ProblemCode, string>> & { other: string }

const refusals: Record<Language, Refusals> = {
  ko: {
    token_missing: "로그인 정보가 없어 알림에 연결하지 않았습니다. 다시 로그인해 주세요.",
    token_invalid: "로그인 정보가 올바르지 않습니다. 다시 로그인해 주세요.",
    token_expired: "로그인한 지 오래되었습니다. 다시 로그인해 주세요.",
    other: "알림 서버가 연결을 받지 않았습니다. 잠시 후 다시 시도해 주세요.",
  },
  en: {
    token_missing: "You are not signed in, so notifications are off. Please sign in again.",
    token_invalid: "Your sign-in is not valid. Please sign in again.",
    token_expired: "Your sign-in has expired. Please sign in again.",
    other: "The notification server refused the connection. Please try again later.",
  },
}

/** What a person is told when the server refused the connection with `code`. */
export function refusal(language: Language, code = "other"): string {
  const sentences: Record<string, string | undefined> = refusals[language]
  return sentences[code] ?? refusals[language].other
}

/** The first of the language tags that the bell speaks; `ko-KR` is `ko`. */
export function spoken(...tags: (string | null | undefined)[]): Language {
  const known = tags.map((tag) => tag?.toLowerCase().split("-")[0]).find((tag) => tag === "ko" || tag === "en")
  return known ?? "en"
}
