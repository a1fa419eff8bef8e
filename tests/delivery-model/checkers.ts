import { decodeCursor } from "../../realtime/cursor.ts"
import type { Told } from "./client.ts"
import type { Row } from "./store.ts"

/** What must never be, whatever fails. */
export type Violation = {
  what:
    | "lost"
    | "twice"
    | "twice-event"
    | "overclaim"
    | "acked, not recorded"
    | "brought back"
    | "listed again"
    | "left behind"
    | "foreign"
    | "miscounted"
    | "unsettled"
    | "runaway"
  client?: number
  event?: string
  at?: number
}

/** What the world knows at its end. */
export type Outcome = {
  told: readonly Told[]
  /** Everything that anybody could see. */
  rows: readonly Row[]
  pruned: ReadonlySet<number>
  /** Events that an LMS was told are recorded. */
  acknowledged: ReadonlySet<string>
  /** Those that it has begun to take back, and those that it was told are, and when. */
  attempted: ReadonlySet<string>
  withdrawn: ReadonlyMap<string, number>
}

/** What a client should have been given, or found in a list: all of its educator's that is still there. */
export function lost({ told, rows, pruned, attempted }: Outcome): Violation[] {
  return told.flatMap(({ client, educator, given, listed, begun }) => {
    const had = new Set([...given.map(({ id }) => id), ...listed])
    return rows
      .filter((row) => row.educator === educator && !pruned.has(row.id) && !had.has(row.id) && begun.length > 0)
      .filter(({ event }) => !attempted.has(event))
      .map(({ event }) => ({ what: "lost", client, event }))
  })
}

export function twice({ told }: Outcome): Violation[] {
  return told.flatMap(({ client, given }) => {
    const ids = new Set<number>()
    return given.flatMap(({ id, event, at }) => {
      if (ids.has(id)) return [{ what: "twice" as const, client, event, at }]
      ids.add(id)
      return []
    })
  })
}

/** An event that was recorded, or given, under two ids: unless it had been pruned in between. */
export function twiceEvent({ told, pruned, attempted }: Outcome): Violation[] {
  return told.flatMap(({ client, given }) =>
    [...Map.groupBy(given, ({ event }) => event)]
      .filter(([, those]) => new Set(those.map(({ id }) => id)).size > 1 && !those.some(({ id }) => pruned.has(id)))
      .filter(([event]) => !attempted.has(event))
      .map(([event]) => ({ what: "twice-event", client, event })),
  )
}

export function foreign({ told }: Outcome): Violation[] {
  return told.flatMap(({ client, educator, given }) =>
    given.filter((one) => one.educator !== educator).map(({ event, at }) => ({ what: "foreign", client, event, at })),
  )
}

/**
 * A cursor that says its client has what it was neither given nor could list: a loss that waits for the client to come back. It may say so
 * of what could be seen when the first count or a refresh before it was sent.
 */
export function overclaim({ told, rows, pruned, attempted }: Outcome): Violation[] {
  return told.flatMap(({ client, educator, given, begun, cursors }) => {
    const givenAt = new Map(given.toReversed().map(({ id, at }) => [id, at]))
    let unclaimed = rows.filter((row) => row.educator === educator && !pruned.has(row.id) && !attempted.has(row.event))
    return cursors.flatMap(({ at, text }) => {
      const cursor = decodeCursor(text)
      // One that names no ids is answered by a refresh, and so claims nothing.
      if (!cursor?.ids) return []
      const ids = new Set(cursor.ids)
      const isClaimed = ({ id, position }: Row) => position <= cursor.watermark || ids.has(id)
      const claimed = unclaimed.filter(isClaimed)
      if (claimed.length === 0) return []
      unclaimed = unclaimed.filter((row) => !isClaimed(row))
      return claimed
        .filter(({ id }) => (givenAt.get(id) ?? Number.POSITIVE_INFINITY) > at)
        .filter(({ visibleAt }) => !begun.some((start) => start.at <= at && visibleAt <= start.sentAt))
        .map(({ event }): Violation => ({ what: "overclaim", client, event, at }))
    })
  })
}

/** An LMS was told that it is safe, and it is not there. */
export function unrecorded({ rows, acknowledged, attempted }: Outcome): Violation[] {
  const recorded = new Set(rows.map(({ event }) => event))
  return [...acknowledged]
    .filter((event) => !recorded.has(event) && !attempted.has(event))
    .map((event) => ({ what: "acked, not recorded", event }))
}

/**
 * What a page shows as its number of unread ones is what there is, once all is quiet. Who prunes does not tell; and who was told to refresh
 * may have been counted for by a node that was far behind, until the count is taken again.
 */
export function miscounted({ told, rows, pruned }: Outcome): Violation[] {
  return told.flatMap(({ client, educator, unread, begun }) => {
    const mine = rows.filter((row) => row.educator === educator)
    const refreshed = begun.some(({ reason }) => reason !== undefined && reason !== "withdrawn")
    if (unread === mine.length || refreshed || mine.some(({ id }) => pruned.has(id))) return []
    return [{ what: "miscounted", client, event: `${unread} of ${mine.length}` }]
  })
}

/** What an LMS was told is taken back, and a page shows it at the end; whoever prunes, before that, tells nobody. */
export function broughtBack({ told, pruned, withdrawn }: Outcome): Violation[] {
  return told.flatMap(({ client, shown }) =>
    [...shown]
      .filter(([id, event]) => withdrawn.has(event) && !pruned.has(id))
      .map(([, event]) => ({ what: "brought back", client, event })),
  )
}

/** An LMS was told that it is taken back, and a list that was asked for afterwards showed it. */
export function listedAgain({ told, withdrawn }: Outcome): Violation[] {
  return told.flatMap(({ client, found }) =>
    [...found]
      .filter(([event, at]) => at > (withdrawn.get(event) ?? Number.POSITIVE_INFINITY))
      .map(([event, at]) => ({ what: "listed again", client, event, at })),
  )
}

/** The same, and it is still in history: some list would show it, some count has it. */
export function leftBehind({ rows, pruned, withdrawn }: Outcome): Violation[] {
  return rows
    .filter(({ id, event }) => withdrawn.has(event) && !pruned.has(id))
    .map(({ event }) => ({ what: "left behind", event }))
}

export const check = (outcome: Outcome): Violation[] =>
  [lost, twice, twiceEvent, foreign, overclaim, unrecorded, miscounted, broughtBack, listedAgain, leftBehind].flatMap(
    (checker) => checker(outcome),
  )
