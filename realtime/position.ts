import { type Clock, sleep } from "../src/clock.ts"
import type { History, Since, SinceQuery } from "../src/history/history.ts"
import type { Notices } from "../src/history/notices.ts"
import type { Notification } from "../src/notification.ts"
import { Problem } from "../src/problem.ts"
import type { RefreshReason } from "../src/wire.ts"
import { decodeCursor } from "./cursor.ts"
import type { Connection } from "./line.ts"
import { type Place, type Progress, progressFrom } from "./progress.ts"

/** More missed notifications than this are not replayed one by one: the client is told to fetch the list again. */
export const REPLAY_AT_MOST = 300

/** More ids than this cannot stand above a mark when a position is taken: it is tried again when they have settled. */
const MOST_AT_ONCE = 20_000

/** How long, and how often, history is read until it shows what the client has been shown elsewhere, in milliseconds. */
const REACH = 10_000
const REACH_AGAIN = 500

/** What a socket has already, by its cursor or by this process's own account; `given` undefined when they were too many to name. */
type Had = { watermark: number; known: number; given: readonly Place[] | undefined }

/** Where a socket stands: first it is told to `refresh`, then given what it `missed`, oldest first; then it has everything up to the mark. */
export type Position = { progress: Progress; missed: readonly Notification[]; mark: number; refresh?: RefreshReason }

export type PositionReader = ReturnType<typeof positionReader>

type Needs = {
  history: Pick<History, "store" | "lag" | "since" | "read">
  notices: Pick<Notices, "concern">
  clock: Clock
}

/** What of it a socket that is told to refresh still has. */
type Kept = { watermark?: number; given: readonly Place[] }

const TOO_MANY: readonly Place[] = []

/** Reads where sockets stand. Everything here rejects when history does not answer, and has done nothing then. */
export function positionReader({ history, notices, clock }: Needs) {
  const { store } = history

  /** Everything that is there now counts as had, because the client lists it: up to the mark, and the ids above it that are visible. */
  async function fresh(educator: number, refresh?: RefreshReason, had: Kept = { given: [] }): Promise<Position> {
    const { entries, more, mark } = await history.since({ educators: [educator], limit: MOST_AT_ONCE })
    if (more) throw new Problem("unavailable", `Educator ${educator} is told of more than can be kept apart.`)
    const given = [...had.given, ...entries]
    const watermark = Math.max(mark, had.watermark ?? 0)
    return { progress: progressFrom({ store, educator, watermark, given }), missed: [], mark, refresh }
  }

  async function resumed(educator: number, { watermark, known, given: had = TOO_MANY }: Had): Promise<Position> {
    const limit = REPLAY_AT_MOST + 1 + had.length
    const { entries, ...answer } = await sinceKnown(known, { educators: [educator], after: watermark, limit })
    // What this read does not find is shown by no other once a mark passes what is known now, or was to whoever gave it.
    const places = new Map<number, Place>(
      had.map(({ id, position }) => [id, { id, position: Math.max(position, answer.known) }]),
    )
    if (answer.known < Math.max(known, watermark)) {
      // A node that is behind will yet show what this socket has. What is further ahead than any node can be behind is of no such node.
      const reachable = watermark - answer.known <= history.lag
      const kept = { watermark: reachable ? watermark : 0, given: [...places.values()] }
      return fresh(educator, "cursor_invalid", kept)
    }

    const missed = entries.filter(({ id }) => !places.has(id))
    for (const entry of entries) if (places.has(entry.id)) places.set(entry.id, entry)
    const given = [...places.values()]
    if (had === TOO_MANY || answer.more || missed.length > REPLAY_AT_MOST)
      return fresh(educator, "too_many_missed", { given })
    const rows = missed.length > 0 ? await history.read(missed.map(({ id }) => id)) : []
    // Asked after history was read, so that the mark passes no notice that this does not find.
    const refresh = (await notices.concern(educator, watermark)) ? "withdrawn" : undefined
    return { progress: progressFrom({ store, educator, watermark, given }), missed: rows, mark: answer.mark, refresh }
  }

  /** Reads until as much is known as the client's last process knew: by plain reads, since what a client says is not to be relied on. */
  async function sinceKnown(known: number, query: SinceQuery): Promise<Since> {
    for (const end = clock.now() + REACH; ; await sleep(clock, REACH_AGAIN)) {
      const answer = await history.since(query)
      if (answer.known >= known || history.lag === 0 || clock.now() >= end) return answer
    }
  }

  async function connected({ educator, offset }: Pick<Connection, "educator" | "offset">): Promise<Position> {
    if (offset === undefined) return fresh(educator)
    const cursor = decodeCursor(offset)
    const ours = cursor?.store === store && cursor.educator === educator
    if (!ours) return fresh(educator, "cursor_invalid")
    const { watermark, known, ids } = cursor
    return resumed(educator, { watermark, known, given: ids?.map((id) => ({ id, position: known })) })
  }

  function passedOver(educator: number, { watermark, given }: Progress): Promise<Position> {
    return resumed(educator, { watermark, known: 0, given: [...given].map(([id, position]) => ({ id, position })) })
  }

  return {
    /** Of a socket that has just connected; with the progress it has made here, of one that may have been passed over since. */
    of: (connection: Pick<Connection, "educator" | "offset">, progress?: Progress): Promise<Position> =>
      progress ? passedOver(connection.educator, progress) : connected(connection),

    /** How far everything was given, where history tells at once: up to the first that the socket lacks. */
    async whole(educator: number, had: Progress): Promise<number> {
      const limit = had.given.size + 1
      const { entries, mark } = await history.since({ educators: [educator], after: had.watermark, limit })
      // A mark says that every notice up to it was told as well; the tail will tell of these.
      if (await notices.concern(educator, had.watermark)) return had.watermark
      const lacking = entries.find(had.lacks)
      return lacking ? lacking.position - 1 : mark
    },
  }
}
