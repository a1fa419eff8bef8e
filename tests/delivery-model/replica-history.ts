import type { Draft, Outcome, SinceQuery } from "../../src/history/history.ts"
import { marksOf, positionAt } from "../../src/history/marks.ts"
import type { EventKey, Posted } from "../../src/history/notices.ts"
import { idAt } from "../../src/id.ts"
import type { Notification } from "../../src/notification.ts"
import { type Line, lineFor, unavailable } from "./line.ts"
import { type Document, type ReplicaSet, replicaSet, type View } from "./replica-set.ts"
import { DEADLINES, type Reach, type Store, type Surroundings } from "./store.ts"
import type { Life } from "./time.ts"

/** How often a read that came too early looks again, in milliseconds. */
const AGAIN = 50

/** Seconds that a node may be behind and still be taken for one of the set. */
const LAG = 3_600

const BEGINNING = Date.UTC(2026, 8, 21)

/** History in a replica set, kept as the product's driver keeps it. */
export function replicaStore(surroundings: Surroundings): Store {
  const { time } = surroundings
  const set = replicaSet(surroundings)
  return {
    reach: (life) => reach(life, set, surroundings),
    rows: () =>
      set
        .everything()
        .filter(({ visibleAt }) => visibleAt <= time.now)
        .map(({ id, position, educator, eventId, visibleAt }) => ({
          id,
          position,
          educator,
          event: eventId,
          visibleAt,
        })),
    pruned: set.pruned,
    prune: set.prune,
    depose: set.depose,
    leap: set.leap,
    async close() {},
  }
}

function reach(life: Life, set: ReplicaSet, surroundings: Surroundings): Reach {
  const { time, faults, rules } = surroundings
  const marks = marksOf(life, rules.settle)
  const line: Line = lineFor(life, surroundings)
  const lag = () => faults.during("reads lag", life.process)?.by ?? 0
  /** The last that this process has written: what it reads afterwards shows it. */
  let written = 0
  const newId = () => idAt(BEGINNING + Math.floor(time.now))

  /** A causal read of what a majority has, which waits for as long as its node knows less than the process. */
  async function read<T>(deadline: number, find: (documents: Document[], notices: Posted[]) => T): Promise<T> {
    const need = rules.causal ? Math.max(marks.known, written) : 0
    const view = await line<View>({ deadline }, ({ answer }, overdue) => {
      const look = () => {
        const view = set.view(life.process, lag())
        if (view.operationTime >= need) answer(view)
        else if (!overdue()) time.after(AGAIN, look)
      }
      look()
    })
    marks.learn(view.operationTime)
    return find(view.documents, view.notices)
  }

  function write<T>(begin: (answer: (value: T, optime: number) => void) => void): Promise<T> {
    return line<T>({ write: true, deadline: DEADLINES.record }, ({ answer }) => {
      if (faults.during("deposed", life.process)) return
      begin((value, optime) => {
        written = Math.max(written, optime)
        answer(value)
      })
    })
  }

  async function record(drafts: readonly Draft[]): Promise<Outcome[]> {
    let added: Document[]
    try {
      added = await write<Document[]>((answer) => set.insert(newId, drafts, answer))
    } catch (error) {
      return drafts.map(() => ({ status: "unknown", error }))
    }
    const ids = new Set(added.map(({ id }) => id))
    const seen = await read(DEADLINES.since, (documents) => documents.filter(({ id }) => ids.has(id))).catch(() => [])
    return drafts.map(({ event, recipients }) => {
      const isOf = ({ source, eventId }: Notification) => source === event.source && eventId === event.id
      const mine = added.filter(isOf).length
      if (recipients.length > 0 && mine === 0) return { status: "duplicate" }
      return { status: "recorded", added: mine, notifications: seen.filter(isOf).map(notificationOf) }
    })
  }

  async function since({ educators, after, limit }: SinceQuery) {
    const mark = marks.mark()
    const whose = new Set(educators)
    const above = after ?? mark
    const found = await read(DEADLINES.since, (documents) =>
      documents
        .filter(({ educator, position }) => whose.has(educator) && position > above)
        .sort((a, b) => a.position - b.position),
    )
    const entries = found.slice(0, limit).map(({ educator, id, position }) => ({ educator, id, position }))
    return { entries, more: found.length > limit, mark, known: marks.known }
  }

  return {
    store: "replicas",
    lag: positionAt(LAG),
    get known() {
      return marks.known
    },
    learn: marks.learn,
    record,
    since,
    async read(ids) {
      const wanted = new Set(ids)
      const found = await read(DEADLINES.since, (documents) => documents.filter(({ id }) => wanted.has(id)))
      return found.sort((a, b) => a.position - b.position).map(notificationOf)
    },
    unread: (educator) =>
      read(DEADLINES.list, (documents) => documents.filter((document) => document.educator === educator).length),
    list: ({ educator }) =>
      line({ deadline: DEADLINES.list }, ({ answer, refuse }) => {
        if (faults.during("deposed", life.process)) return refuse(unavailable())
        const { documents } = set.view(life.process, rules.listsFromPrimary ? 0 : lag())
        answer(documents.filter((document) => document.educator === educator).map(notificationOf))
      }),
    bearing: (keys) =>
      read(DEADLINES.since, (documents) => {
        const asked = new Set(keys.map(textOf))
        return documents.filter((document) => asked.has(textOf(document)))
      }),
    erase: (ids) => write<void>((answer) => set.erase(ids, (optime) => answer(undefined, optime))),
    notices: {
      post: (notice) => write((answer) => set.post(notice, answer)),
      async since(after = 0) {
        const mark = marks.mark()
        const found = await read(DEADLINES.since, (_, notices) => notices.filter(({ position }) => position > after))
        return { notices: found.sort((a, b) => a.position - b.position), mark }
      },
      withdrawn: (keys) =>
        read(DEADLINES.since, (_, notices) => {
          const posted = new Set(notices.map(textOf))
          return keys.filter((key) => posted.has(textOf(key)))
        }),
      concern: (educator, after) =>
        read(DEADLINES.since, (_, notices) =>
          notices.some((notice) => notice.position > after && notice.educators.includes(educator)),
        ),
    },
  }
}

const textOf = ({ source, eventId }: EventKey) => JSON.stringify([source, eventId])

function notificationOf({ visibleAt: _, ...notification }: Document): Notification {
  return { ...notification }
}
