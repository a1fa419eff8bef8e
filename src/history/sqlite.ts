import type { Notification } from "../notification.ts"
import type { Field } from "./condition.ts"
import type { Draft, History, Outcome } from "./history.ts"
import type { Inbox } from "./inbox.ts"
import type { Notices } from "./notices.ts"
import { answering, unavailable } from "./sqlite-answer.ts"
import { attachFile, openFile } from "./sqlite-file.ts"
import { toNotification } from "./sqlite-query.ts"
import { readerOf } from "./sqlite-reader.ts"
import type { Drafted, Recorded } from "./sqlite-record.ts"
import { writerOf } from "./sqlite-writer.ts"
import type { Upkeep } from "./upkeep.ts"

/** All of the ports over one file. */
export type Store = History & Inbox & Upkeep & { notices: Notices }

type Options = {
  path: string
  fields: readonly Field[]
  /** The clock that ids follow, in milliseconds since 1970. */
  now?: () => number
  /** Rows that may wait for their entries, 10,000: see sqlite-index.ts. */
  mostFresh?: number
}

/**
 * Keeps history in the file `path`, making it when it is not there; its folder must exist. Throws a `StartError` for a file that a newer
 * version has written.
 *
 * A position is the id itself. The newest that was ever given stands in the file and only rises: whatever a clock does, and whatever is
 * deleted, the next one is above all that anybody has seen.
 */
export function sqliteHistory({ path, fields, now = Date.now, mostFresh }: Options): Store {
  const database = openFile(path, fields)
  const { name, newest } = database.prepare("SELECT name, newest FROM store").get() ?? {}
  const reading = path === ":memory:" ? database : attachFile(path, "read")
  const read = answering(readerOf(reading))
  const write = answering(writerOf(database, mostFresh))
  let known = Number(newest)
  const learn = (position: number) => {
    if (position > known) known = position
  }

  async function record(drafts: readonly Draft[]): Promise<Outcome[]> {
    const drafted = drafts.map(draftedOf)
    const sound = drafted.filter((draft): draft is Drafted => !("error" in draft))
    try {
      const answer = await write.record(sound, now())
      learn(answer.newest)
      const recorded = answer.recorded.values()
      return drafts.map((draft, index) => {
        const sent = drafted[index] as Drafted | Flawed
        return outcomeOf(draft, "error" in sent ? sent : (recorded.next().value as Recorded))
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
      const found = await read.since(query)
      learn(found.known)
      return found
    },
    read: async (ids) => (await read.read(ids)).map(toNotification),

    list: async (query) => (await read.list(query)).map(toNotification),
    unread: read.unread,
    markRead: write.markRead,

    newestAt: read.newestAt,
    prunedTo: read.prunedTo,
    waitingCut: read.waitingCut,
    wait: write.wait,
    prune: write.prune,
    bearing: read.bearing,
    erase: write.erase,
    ping: write.ping,

    notices: {
      async post(notice) {
        const position = await write.post(notice, now())
        learn(position)
        return { ...notice, position }
      },
      async since(after) {
        const found = await read.noticesSince(after)
        learn(found.mark)
        return found
      },
      withdrawn: read.withdrawn,
      concern: read.concern,
    },

    async close() {
      if (reading.isOpen) reading.close()
      if (database.isOpen) database.close()
    },
  }
}

/** What cannot be written as JSON. */
type Flawed = { error: unknown }

function draftedOf({ event, recipients }: Draft): Drafted | Flawed {
  const { source, id: eventId, type, occurredAt, student } = event
  try {
    return {
      event: { source, eventId, type, occurredAt, student, data: JSON.stringify(event.data) },
      educators: recipients.map(({ educator }) => educator),
      reasons: recipients.map(({ reason }) => reason),
    }
  } catch (error) {
    return { error }
  }
}

function outcomeOf({ event, recipients }: Draft, recorded: Recorded | Flawed): Outcome {
  if ("error" in recorded) return { status: "failed", error: recorded.error }
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
