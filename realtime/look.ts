import { type Clock, sleep } from "../src/clock.ts"
import type { History, Since, SinceQuery } from "../src/history/history.ts"
import type { Withdrawals } from "../src/withdrawals.ts"
import type { Room } from "./room.ts"

/** Educators asked for in one read, and entries of one answer. */
const CHUNK = 1_000
const ENTRIES = 20_000

type Needs = {
  history: Pick<History, "since" | "read">
  withdrawals: Pick<Withdrawals, "catchUp">
  clock: Clock
  /** Told of each answer. */
  answered(answer: Since): void
}

/**
 * Answers a look into history: what is new for these rooms is read and handed to them, with the mark of that read behind it. A mark goes to
 * no other room, and to none whose rows could not be read. Rejects when history does not answer; the rest is left for the next look.
 */
export function looking({ history, withdrawals, clock, answered }: Needs) {
  /** Notices are read behind history: no mark that this hands over passes one that was not told. */
  async function since(query: SinceQuery): Promise<Since> {
    const answer = await history.since(query)
    await withdrawals.catchUp()
    answered(answer)
    return answer
  }

  async function read(rooms: readonly Room[]): Promise<void> {
    const after = Math.min(...rooms.map((room) => room.mark))
    const educators = rooms.map(({ educator }) => educator)
    const answer = await since({ educators, after, limit: ENTRIES })
    if (!answer.more) return handOver(rooms, answer)
    const [only, ...others] = rooms
    if (others.length === 0) return only?.lapse(answer.mark)
    const middle = Math.ceil(rooms.length / 2)
    await read(rooms.slice(0, middle))
    await read(rooms.slice(middle))
  }

  async function handOver(rooms: readonly Room[], { entries, mark }: Since) {
    const news = Map.groupBy(entries, ({ educator }) => educator)
    const lacking = rooms.flatMap((room) => room.lacking(news.get(room.educator) ?? []))
    const found = lacking.length > 0 ? await history.read(lacking) : []
    const rows = Map.groupBy(found, ({ educator }) => educator)
    for (const room of rooms) room.catchUp(rows.get(room.educator) ?? [], mark)
  }

  return async (rooms: readonly Room[]) => {
    if (rooms.length === 0) await since({ educators: [], limit: 0 })
    for (let from = 0; from < rooms.length; from += CHUNK) {
      // Handing marks to thousands of seats takes its time: others have theirs in between.
      if (from > 0) await sleep(clock, 0)
      await read(rooms.slice(from, from + CHUNK))
    }
  }
}
