import type { Addressed, Concern } from "../recipient.ts"

/** The nouns that an event's data names by id, and the row that the directory keeps of each. Names are for people; `dueAt` is ISO 8601 UTC. */
export type Rows = {
  student: { id: number; userId: string; name: string }
  course: { id: number; name: string }
  assignment: { id: number; courseId: number; name: string; dueAt: string | null }
  quiz: { id: number; courseId: number; name: string; dueAt: string | null }
  lesson: { id: number; courseId: number; name: string; dueAt: string | null }
}
export type Noun = keyof Rows

/**
 * Who is told of what, and what things are called.
 *
 * - Both look-ups are batched: one call of `find` is one query and one of `recipientsOf` at most three, however many ids. An id that is not there is absent from the map.
 * - When the storage does not answer they reject with the problem `unavailable`.
 */
export interface Directory {
  /** Who is told of each, in order, by the rule of `addressees`; never of before the call. */
  recipientsOf(concerns: readonly Concern[]): Promise<Addressed[]>
  find<N extends Noun>(noun: N, ids: readonly number[]): Promise<Map<number, Rows[N]>>
  ping(): Promise<void>
  /** Safe to call twice. */
  close(): Promise<void>
}

/** Who teaches or advises whom. */
export type Enrolment = { educator: number; student: number }
/** A part in a course; with a section, in that section only. Of a part that ends, no section stands for all of them. */
export type Staffing = { course: number; educator: number; section: string | null }
export type Attendance = { course: number; student: number; section: string | null }

/** What an LMS tells the embedded directory: rows to add or to replace by id, and relations to add or to remove. */
export type DirectoryChange = {
  students?: readonly Rows["student"][]
  courses?: readonly Rows["course"][]
  assignments?: readonly Rows["assignment"][]
  quizzes?: readonly Rows["quiz"][]
  lessons?: readonly Rows["lesson"][]
  courseStaff?: readonly Staffing[]
  noLongerCourseStaff?: readonly Staffing[]
  courseStudents?: readonly Attendance[]
  noLongerCourseStudents?: readonly Attendance[]
  advises?: readonly Enrolment[]
  noLongerAdvises?: readonly Enrolment[]
  teaches?: readonly Enrolment[]
  noLongerTeaches?: readonly Enrolment[]
}

/** Everybody in one course. */
export type Roster = {
  staff: readonly Omit<Staffing, "course">[]
  students: readonly Omit<Attendance, "course">[]
}

/** How many rows were sent, and how many of them alter the directory. */
export type Effect = { sent: number; changed: number }
/** How many people's places a roster adds to its course and removes from it. */
export type RosterEffect = Record<keyof Roster, { sent: number; added: number; removed: number }>

/** What each part of a change did. */
export type Effects = Partial<Record<keyof DirectoryChange, Effect>>

/** Itself, or its JSON text in UTF-8, which is read where it is applied: a large one would hold up everybody here. */
export type Sent<T> = T | Uint8Array

/**
 * A directory that this process owns, and so can be written to. With `dry`, all is tried and undone. Of a text that is not acceptable both
 * reject with the problems `json_invalid` and `directory_invalid`.
 */
export interface WritableDirectory extends Directory {
  /** All or nothing. */
  apply(change: Sent<DirectoryChange>, options?: { dry?: boolean }): Promise<Effects>
  /** Replaces who is in a course: all or nothing. */
  replaceRoster(course: number, roster: Sent<Roster>, options?: { dry?: boolean }): Promise<RosterEffect>
}
