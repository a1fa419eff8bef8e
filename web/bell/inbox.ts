import type { WireNotification, WireRead } from "../../src/wire.ts"
import { listOn, type Position, START, type Target } from "./api.ts"
import { type Connection, type ConnectionState, connect } from "./connection.ts"
import { added, courseOf, type Entry, type Filter, marked, matches, replaced, studentOf, unreadIds } from "./entries.ts"
import { retrier } from "./retry.ts"

/** How many are listed at a time. */
const PAGE = 20
/** The longest list that is loaded again in full after a reconnection; what is beyond comes by scrolling. */
const RELOAD_LIMIT = 100

/** What the page around the bell is told, as DOM events of these names. */
export type Happening =
  | { name: "allim-notification"; detail: WireNotification }
  | { name: "allim-count"; detail: { unread: number } }
  | { name: "allim-read"; detail: { ids: readonly number[]; all: boolean; unread: number } }
  | { name: "allim-state"; detail: ConnectionState }

type Listener = { changed(): void; happened(happening: Happening): void }

/** An educator's notifications as this page knows them: what is loaded, what comes in live, what was read. */
export class Inbox {
  entries: readonly Entry[] = []
  /** Null until the server has said. */
  unread: number | null = null
  filter: Filter = { unreadOnly: false, course: null, student: null }
  connection: ConnectionState = { state: "connecting" }
  loading: "list" | "more" | null = null
  failed: "list" | "read" | null = null
  /** Everyone and everything seen so far, by id: the choices of the filters. */
  readonly courses = new Map<number, string>()
  readonly students = new Map<number, string>()

  /** Where the list goes on; null at its end; undefined while it has not been loaded since something may have been missed. */
  #next: Position | null | undefined
  #watched = false
  /** Whether the server has taken this connection's position: a list is complete only from then on. */
  #positioned = false
  #target: Target | undefined
  #socket: Connection | undefined
  #request = new AbortController()
  readonly #retry = retrier()
  readonly #delivered = new Set<number>()
  /** What was delivered and may be missing in the next list: one node's list may be a moment older than another's delivery. */
  readonly #arrived = new Set<number>()
  readonly #listener: Listener

  constructor(listener: Listener) {
    this.#listener = listener
  }

  get hasMore(): boolean {
    return this.#next !== null && this.#next !== undefined
  }

  get filtered(): boolean {
    return this.filter.course !== null || this.filter.student !== null
  }

  /** Connects as someone else, elsewhere or in another language. */
  connect(target: Target): void {
    this.close()
    this.#target = target
    this.#become({ state: "connecting" })
    this.#socket = connect(target, {
      notification: (notification) => this.#arrive(notification),
      count: (unread) => this.#count(unread),
      read: (answer) => this.#applyRead(answer),
      positioned: () => this.#relist(),
      refresh: () => this.#refresh(),
      state: (state) => this.#become(state),
    })
  }

  /** Gives up the connection and what belongs to one educator. */
  forget(): void {
    this.close()
    this.#target = undefined
    this.entries = []
    this.#arrived.clear()
    this.unread = null
    this.courses.clear()
    this.students.clear()
    this.filter = { unreadOnly: false, course: null, student: null }
  }

  refuse(code: string): void {
    this.#become({ state: "refused", code })
  }

  close(): void {
    this.#socket?.close()
    this.#request.abort()
    this.#retry.stop()
    this.#positioned = false
    this.#next = undefined
    this.loading = null
    this.failed = null
  }

  /** The list is loaded when someone looks at it, so that a thousand bells that reconnect at once ask for no list. */
  watch(watched: boolean): void {
    this.#watched = watched
    if (!watched && this.entries.some((entry) => entry.section === "unread" && entry.notification.열람일))
      this.#next = undefined
    if (!watched) this.#retry.stop()
    else if (this.#next === undefined || this.failed === "list") this.#show()
  }

  async setFilter(change: Partial<Filter>): Promise<void> {
    this.filter = { ...this.filter, ...change }
    await this.#fetch("list", START, PAGE)
  }

  async load(): Promise<void> {
    const wanted = Math.min(Math.max(PAGE, this.entries.length), RELOAD_LIMIT)
    await this.#fetch("list", START, wanted)
  }

  async more(): Promise<void> {
    if (this.#next && !this.loading) await this.#fetch("more", this.#next, PAGE)
  }

  /** Marks at once and asks the server; when it does not agree, puts things back. */
  async read(ids: number[] | "all"): Promise<void> {
    const unread = new Set(unreadIds(this.entries))
    const marking = new Set(ids === "all" ? unread : ids.filter((id) => unread.has(id)))
    if (ids !== "all" && marking.size === 0) return
    const before = this.unread
    this.entries = marked(this.entries, (id) => marking.has(id), new Date().toISOString())
    const hoped = ids === "all" ? 0 : Math.max(0, (before ?? marking.size) - marking.size)
    this.unread = hoped
    this.failed = null
    this.#listener.changed()
    try {
      if (!this.#socket) throw new Error("There is no connection")
      this.#applyRead(await this.#socket.read(ids === "all" ? { 모두: true } : { 알림_고유_아이디: [...marking] }))
    } catch {
      this.entries = marked(this.entries, (id) => marking.has(id), null)
      if (this.unread === hoped) this.unread = before // else the server has counted anew meanwhile
      this.failed = "read"
      this.#listener.changed()
    }
  }

  /**
   * Loads the list once the server has taken its position; what is recorded between an earlier list and that moment would be
   * in the list neither, nor delivered.
   */
  #show(): void {
    if (this.#positioned) {
      this.load()
      return
    }
    const { state } = this.connection
    const coming = state === "connecting" || state === "online"
    this.loading = coming ? "list" : null
    this.failed = coming ? null : "list"
    this.#listener.changed()
  }

  async #fetch(what: "list" | "more", from: Position, wanted: number): Promise<void> {
    if (!this.#target) return
    this.#retry.stop()
    this.loading = what
    this.failed = null
    this.#listener.changed()
    await this.#ask(what, from, wanted)
  }

  /** While it is asked again by itself, the panel goes on saying that it could not be loaded. */
  async #ask(what: "list" | "more", from: Position, wanted: number): Promise<void> {
    if (!this.#target) return
    this.#request.abort()
    this.#request = new AbortController()
    const { signal } = this.#request
    const before = [...this.#arrived]
    try {
      const { items, next } = await listOn(this.#target, this.filter, from, wanted, signal)
      signal.throwIfAborted()
      this.#know(items)
      if (what === "more") this.entries = added(this.entries, items)
      else {
        this.entries = replaced(this.entries, items, this.filter, this.#arrived)
        for (const id of before) this.#arrived.delete(id)
      }
      this.#next = next
      if (this.failed === "list") this.failed = null
    } catch {
      if (signal.aborted) return
      this.failed = "list"
      // Not to be scrolled on: these entries may be another filter's.
      if (what === "list") this.#next = undefined
      if (this.#watched && this.connection.state !== "refused") this.#retry.later(() => this.#ask(what, from, wanted))
    }
    this.loading = null
    this.#listener.changed()
  }

  #arrive(notification: WireNotification): void {
    if (this.#delivered.has(notification.알림_고유_아이디)) return
    this.#delivered.add(notification.알림_고유_아이디)
    this.#arrived.add(notification.알림_고유_아이디)
    this.#know([notification])
    if (matches(notification, this.filter)) this.entries = added(this.entries, [notification], true)
    this.#listener.happened({ name: "allim-notification", detail: notification })
    this.#listener.changed()
  }

  #count(unread: number): void {
    this.unread = unread
    this.#listener.happened({ name: "allim-count", detail: { unread } })
    this.#listener.changed()
  }

  #applyRead(answer: WireRead): void {
    const { 알림_고유_아이디: ids, 모두: all = false, 열람일: readAt } = answer
    const [newest = 0] = ids
    this.entries = marked(this.entries, (id) => (all ? id <= newest : ids.includes(id)), readAt)
    this.#listener.happened({ name: "allim-read", detail: { ids, all, unread: answer.안읽은_수 } })
    this.#count(answer.안읽은_수)
  }

  /**
   * After each reconnection, too: what was missed is delivered, but not what was read elsewhere meanwhile. An answer to what was
   * asked before is passed over, also when nobody looks any more: the list would seem to be loaded.
   */
  #relist(): void {
    this.#positioned = true
    this.#request.abort()
    this.#next = undefined
    this.loading = null
    if (this.#watched) this.load()
  }

  /** What was delivered may have been withdrawn: only the list counts. Nobody who opens the panel later is to see the old one. */
  #refresh(): void {
    this.#arrived.clear()
    if (!this.#watched) this.entries = []
    this.#relist()
    this.#listener.changed()
  }

  #become(state: ConnectionState): void {
    this.connection = state
    if (state.state === "refused") this.#retry.stop()
    if (this.#watched && !this.#positioned && this.#next === undefined) this.#show()
    this.#listener.happened({ name: "allim-state", detail: state })
    this.#listener.changed()
  }

  #know(notifications: readonly WireNotification[]): void {
    for (const notification of notifications) {
      const [course, student] = [courseOf(notification), studentOf(notification)]
      if (course) this.courses.set(course.id, course.name)
      this.students.set(student.id, student.name)
    }
  }
}
