import type { JsonObject } from "./json.ts"
import type { MarkedRead } from "./mark-read.ts"
import type { Notification } from "./notification.ts"
import type { Reason } from "./recipient.ts"

/** The namespace that educators' browsers connect to. */
export const NAMESPACE = "/알림"

const forms = [NAMESPACE, NAMESPACE.normalize("NFD")]
const encoded = forms.map(encodeURI)

/** Its names as clients send them: some percent-encode it, as URLs do, and some decompose its letters. All of them are the one. */
export const NAMESPACE_NAMES = [...forms, ...encoded, ...encoded.map((name) => name.toLowerCase())]

/** The events of that namespace. */
export const EVENTS = {
  notification: "get_알림",
  count: "count_알림",
  read: "read_알림",
  refresh: "refresh_알림",
} as const

/** A notification with everything a person reads, in one language. */
export type Presented = {
  notification: Notification
  /** Null when the directory does not know the student, or did not answer in time. */
  student: { userId: string; name: string } | null
  title: string
  body: string
  /** The event's data, with the rows that its kind looked up. */
  detail: JsonObject
}

/** A notification as sockets and lists send it. */
export type WireNotification = {
  알림_고유_아이디: number
  교육자_유저인덱스: number
  학생_유저인덱스: number
  학생_유저아이디: string | null
  학생_유저이름: string | null
  열람일: string | null
  유형: string
  발생일: string
  까닭: Reason | null
  제목: string
  본문: string
  상세: JsonObject
}

export function toWire({ notification, student, title, body, detail }: Presented): WireNotification {
  return {
    알림_고유_아이디: notification.id,
    교육자_유저인덱스: notification.educator,
    학생_유저인덱스: notification.student,
    학생_유저아이디: student?.userId ?? null,
    학생_유저이름: student?.name ?? null,
    열람일: notification.readAt,
    유형: notification.type,
    발생일: notification.occurredAt,
    까닭: notification.reason,
    제목: title,
    본문: body,
    상세: detail,
  }
}

/** Why a client is told to fetch the list again. */
export const REFRESH_REASONS = ["too_many_missed", "cursor_invalid", "withdrawn"] as const
export type RefreshReason = (typeof REFRESH_REASONS)[number]

export function wireCount(unread: number) {
  return { 안읽은_수: unread }
}

export function wireRefresh(reason: RefreshReason) {
  return { 이유: reason }
}

/** How a client, or its other tabs, are told what was read. `모두` says that everything up to the first of the ids was. */
export type WireRead = { 알림_고유_아이디: readonly number[]; 모두?: true; 열람일: string; 안읽은_수: number }

export function wireRead({ ids, all, readAt, unread }: MarkedRead): WireRead {
  return { 알림_고유_아이디: ids, ...(all && { 모두: true as const }), 열람일: readAt, 안읽은_수: unread }
}
