import type { Notification } from "../notification.ts"
import { restore } from "../threads/carried-error.ts"
import { inTurns } from "../turns.ts"
import type { Field } from "./condition.ts"
import type { Draft, History, Outcome } from "./history.ts"
import type { Inbox } from "./inbox.ts"
import type { Notices } from "./notices.ts"
import { unavailable } from "./sqlite-answer.ts"
import { openFile } from "./sqlite-file.ts"
import { type Row, toNotification } from "./sqlite-query.ts"
import type { Drafted, Recorded } from "./sqlite-record.ts"
import { openHere, openThreads } from "./sqlite-threads.ts"
import type { Upkeep } from "./upkeep.ts"

/** All of the ports over one file. */
export type Store = History & Inbox & Upkeep & { notices: Notices }

type Options = {
  path: string
  fields: readonly Field[]
  /** The clock that ids follow, in milliseconds since 1970. */
  now?: () => number
  /** Rows that may wait for their entries, 50,000: see sqlite-index.ts. */
  mostFresh?: number
  /** Told of a thread that ended by itself; the next call starts it again. */
  report?: (error: Error) => void
}

/**
 * Keeps history in the file `path`, making it when it is not there; its folder must exist. Throws a `StartError` for a file that a newer
 * version has written.
 *
 * A position is the id itself. The newest that was ever given stands in the file and only rises: whatever a clock does, and whatever is
 * deleted, the next one is above all that anybody has seen.
 */
export function sqliteHistory({ path, fields, now = Date.now, mostFresh, report }: Options): Store {
  const database = openFile(path, fields)
  const { name, newest } = database.prepare("SELECT name, newest FROM store").get() ?? {}
  const isShared = path !== ":memory:"
  if (isShared) database.close()
  const { read, write } = isShared
    ? openThreads({ path, ...(mostFresh && { mostFresh }) }, report)
    : openHere(database, mostFresh)
  /** In memory nothing is to come between. */
  const parsed = async (rows: readonly Row[]) => (isShared ? inTurns(rows, toNotification) : rows.map(toNotification))
  write.call("begin").catch(() => {}) // whoever calls next is told
  let known = Number(newest)
  const learn = (position: number) => {
    if (position > known) known = position
  }

  async function record(drafts: readonly Draft[]): Promise<Outcome[]> {
    const drafted = drafts.map(draftedOf)
    const sound = drafted.filter((draft): draft is Drafted => !("flaw" in draft))
    try {
      const answer = await write.call("record", sound, now())
      learn(answer.newest)
      const recorded = answer.recorded.values()
      return drafts.map((draft, index) => {
        const sent = drafted[index] as Drafted | Flawed
        return outcomeOf(draft, "flaw" in sent ? sent : (recorded.next().value as Recorded))
      })
    } catch (cause) {
      return drafts.map(() => ({ status: "unknown", error: unavailable(cause) }))
    }
  }

  return {
    store: String(name),
    lag: 0,
    get known() {
      return known
    },
    learn,
    record,
    async since(query) {
      const found = await read.call("since", query)
      learn(found.known)
      return found
    },
    read: async (ids) => parsed(await read.call("read", ids)),

    list: async (query) => parsed(await read.call("list", query)),
    unread: (educator) => read.call("unread", educator),
    markRead: (...mark) => write.call("markRead", ...mark),

    newestAt: () => read.call("newestAt"),
    prunedTo: () => read.call("prunedTo"),
    waitingCut: () => read.call("waitingCut"),
    wait: (cut) => write.call("wait", cut),
    prune: (before) => write.call("prune", before),
    bearing: (keys) => read.call("bearing", keys),
    erase: (ids) => write.call("erase", ids),
    ping: () => write.call("ping"),

    notices: {
      async post(notice) {
        const position = await write.call("post", notice, now())
        learn(position)
        return { ...notice, position }
      },
      async since(after) {
        const found = await read.call("noticesSince", after)
        learn(found.mark)
        return found
      },
      withdrawn: (keys) => read.call("withdrawn", keys),
      concern: (...asked) => read.call("concern", ...asked),
    },

    async close() {
      await Promise.all([read.close(), write.close()])
    },
  }
}

/** What cannot be written as JSON. */
type Flawed = { flaw: unknown }

function draftedOf({ event, recipients }: Draft): Drafted | Flawed {
  const { source, id: eventId, type, occurredAt, student } = event
  try {
    return {
      event: { source, eventId, type, occurredAt, student, data: JSON.stringify(event.data) },
      educators: recipients.map(({ educator }) => educator),
      reasons: recipients.map(({ reason }) => reason),
    }
  } catch (flaw) {
    return { flaw }
  }
}

function outcomeOf({ event, recipients }: Draft, recorded: Recorded | Flawed): Outcome {
  if ("flaw" in recorded) return { status: "failed", error: recorded.flaw }
  if ("error" in recorded) return { status: "failed", error: restore(recorded.error) }
  const { told, event: first } = recorded
  const { source, id: eventId, type, occurredAt, student, data } = event
  const about = first
    ? { ...first, data: JSON.parse(first.data) as Notification["data"] }
    : { source, eventId, type, occurredAt, student, data }
  const notifications = recipients.flatMap(({ educator, reason }, index): Notification[] => {
    const id = told[index] ?? 0
    return id === 0 ? [] : [{ id, position: id, educator, ...about, reason, readAt: null }]
  })
  if (notifications.length === 0 && recipients.length > 0) return { status: "duplicate" }
  return { status: "recorded", added: notifications.length, notifications }
}
