import type { WireNotification } from "../../src/wire.ts"
import type { Filter, Section } from "./entries.ts"

/** Where the bell gets its notifications, as whom and in which language. `token` is asked again for each connection and after a 401. */
export type Target = { server: string; language: string; token: () => Promise<string> }

/** Where a list goes on: unread ones are listed before those that were read. */
export type Position = { section: Section; cursor: string | null }

export const START: Position = { section: "unread", cursor: null }

type Page = { items: WireNotification[]; next: string | null }

/** The educator's notifications from a position on, `wanted` or a little more, and where they go on. Rejects when there is no good answer. */
export async function listOn(target: Target, filter: Filter, from: Position, wanted: number, signal: AbortSignal) {
  const items: WireNotification[] = []
  let next: Position | null = from
  while (next && items.length < wanted) {
    const { section }: Position = next
    const page = await list(target, filter, next, wanted, signal)
    items.push(...page.items)
    if (page.next !== null) next = { section, cursor: page.next }
    else next = section === "unread" && !filter.unreadOnly ? { section: "read", cursor: null } : null
  }
  return { items, next }
}

async function list(target: Target, filter: Filter, { section, cursor }: Position, limit: number, signal: AbortSignal) {
  const query = new URLSearchParams({ limit: String(limit), unread: String(section === "unread") })
  if (cursor !== null) query.set("cursor", cursor)
  if (filter.student !== null) query.set("student", String(filter.student))
  if (filter.course !== null) query.set("data.courseId", String(filter.course))
  const response = await authorized(target, `/notifications?${query}`, signal)
  if (!response.ok) throw new Error(`The list was answered with ${response.status}`)
  return (await response.json()) as Page
}

async function authorized(target: Target, path: string, signal: AbortSignal): Promise<Response> {
  const attempt = async () =>
    fetch(target.server + path, {
      headers: { authorization: `Bearer ${await target.token()}`, "accept-language": target.language },
      signal,
    })
  const response = await attempt()
  return response.status === 401 ? attempt() : response
}
