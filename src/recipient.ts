/**
 * Why an educator is told of an event: the event names them; they are of the staff of the student's section of its course, or of the whole
 * course; they advise the student; or they teach the student, in which course is not known.
 */
export const REASONS = ["named", "section", "course", "adviser", "teaches"] as const
export type Reason = (typeof REASONS)[number]

/** An educator who is to be told, for the first of these reasons that holds. */
export type Recipient = { educator: number; reason: Reason }

/** Why nobody is told: no course is known and nobody teaches the student, its course has no staff, or its staff is of other sections. */
export type Nobody = "no_course" | "no_staff" | "other_sections"

/** Who is told of one event; `nobody` says why when nobody is. */
export type Addressed = { recipients: readonly Recipient[]; nobody?: Nobody }

/** What of an event decides who is told, when it names no educators: the student, and the course or the works of one that its data names. */
export type Concern = { student: number; course?: number; works: readonly Work[] }

/** Something that belongs to a course. */
export type Work = { noun: "assignment" | "quiz" | "lesson"; id: number }
