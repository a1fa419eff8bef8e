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
 * Who teaches whom, and what things are called.
 *
 * - Both look-ups are batched: one call is one query, however many ids. An id that is not there is absent from the map.
 * - When the storage does not answer they reject with the problem `unavailable`.
 */
export interface Directory {
  /** The educators of each student, ascending. A student nobody teaches is absent. */
  educatorsOf(students: readonly number[]): Promise<Map<number, number[]>>
  find<N extends Noun>(noun: N, ids: readonly number[]): Promise<Map<number, Rows[N]>>
  ping(): Promise<void>
  /** Safe to call twice. */
  close(): Promise<void>
}

/** What an LMS tells the embedded directory: rows to add or to replace by id, and pairs of who teaches whom to add or remove. */
export type Enrolment = { educator: number; student: number }
export type DirectoryChange = {
  students?: readonly Rows["student"][]
  courses?: readonly Rows["course"][]
  assignments?: readonly Rows["assignment"][]
  quizzes?: readonly Rows["quiz"][]
  lessons?: readonly Rows["lesson"][]
  teaches?: readonly Enrolment[]
  noLongerTeaches?: readonly Enrolment[]
}

/** A directory that this process owns, and so can be written to. */
export interface WritableDirectory extends Directory {
  /** All or nothing. */
  apply(change: DirectoryChange): Promise<void>
}
