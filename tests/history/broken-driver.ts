// The suite of catching up, over a driver that is broken in the way that BROKEN names, or not at all: see broken-drivers.test.ts.
import { afterAll } from "bun:test"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { History } from "../../src/history/history.ts"
import { sqliteHistory } from "../../src/history/sqlite.ts"
import { temporaryDirectory } from "../program.ts"
import { catchUpContract } from "./catch-up-contract.ts"
import type { Store } from "./contract.ts"

type Since = History["since"]

/** Each answers what stands in for a history's own methods. */
const ways: Record<string, (store: Store, path: string) => Partial<Store>> = {
  none: () => ({}),
  "forgets a row": ({ since }) => changed(since, (read) => ({ entries: read.entries.toSpliced(1, 1) })),
  "doubles a row": ({ since }) =>
    changed(since, (read) => ({ entries: [...read.entries.slice(0, 1), ...read.entries] })),
  reorders: ({ since }) => changed(since, (read) => ({ entries: read.entries.toReversed() })),
  "reads an earlier moment": ({ since }) => {
    let seen = 0
    return changed(since, ({ entries, mark }) => {
      const earlier = entries.filter(({ position }) => position <= seen)
      seen = mark
      return { entries: earlier }
    })
  },
  "answers after its deadline": ({ since }) => ({
    since: async (query) => {
      await Bun.sleep(6_000)
      return since(query)
    },
  }),
  "has a mark that is too high": ({ since }) => changed(since, ({ mark }) => ({ mark: mark + 4096_000 })),
  "has a newest that falls by a delete": ({ since }, path) =>
    changed(since, () => {
      const mark = newestIn(path)
      return { mark, known: mark }
    }),
  "says recorded and has not": ({ record }) => ({
    record: async (drafts) => {
      const outcomes = await record(drafts.slice(0, -1))
      const [event] = drafts.slice(-1).map(({ event }) => event)
      const notifications = outcomes.flatMap((outcome) => (outcome.status === "recorded" ? outcome.notifications : []))
      const [made] = notifications.slice(-1)
      return [
        ...outcomes,
        { status: "recorded", added: 1, notifications: made && event ? [{ ...made, eventId: event.id }] : [] },
      ]
    },
  }),
}

const changed = (since: Since, change: (read: Awaited<ReturnType<Since>>) => object): Partial<Store> => ({
  since: async (query) => {
    const read = await since(query)
    return { ...read, ...change(read) }
  },
})

function newestIn(path: string): number {
  const database = new DatabaseSync(path)
  const { newest } = database.prepare("SELECT max(id) AS newest FROM notification").get() ?? {}
  database.close()
  return Number(newest ?? 0)
}

const directory = temporaryDirectory()
afterAll(() => directory[Symbol.dispose]())
const breakIt = ways[process.env.BROKEN ?? ""]
if (!breakIt) throw new Error(`BROKEN is one of ${Object.keys(ways)}`)
let files = 0

catchUpContract("a broken driver", async () => {
  const path = join(directory.path, `${files++}.sqlite`)
  return async (fields) => {
    const store = sqliteHistory({ path, fields })
    return Object.assign(Object.create(store), breakIt(store, path)) as Store
  }
})
