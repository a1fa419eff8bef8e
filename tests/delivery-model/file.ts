import { sqliteHistory } from "../../src/history/sqlite.ts"
import { lineFor } from "./line.ts"
import { DEADLINES, type Reach, type Row, type Store, type Surroundings } from "./store.ts"
import type { Life } from "./time.ts"

type Driver = ReturnType<typeof sqliteHistory>

/** The moment of the real world at which every world begins: 21 September 2026. */
const BEGINNING = Date.UTC(2026, 8, 21)

type Options = {
  /** A file that processes open each for itself; left out, they share one connection to a database in memory, which is faster. */
  path?: string
  /** How far a process's clock is wrong. */
  wrong(process: number): number
}

/** History in one file, as the product's own driver keeps it; between it and a process there is a line that can fail. */
export function fileStore(surroundings: Surroundings, { path, wrong }: Options): Store {
  const { time, say } = surroundings
  const rows = new Map<number, Row>()
  const pruned = new Set<number>()
  const drivers: Driver[] = []
  /** Whose clock the connection goes by now. */
  let current = 0

  function open(): Driver {
    const now = () => BEGINNING + Math.floor(time.now) + wrong(current)
    const driver = sqliteHistory({ path: path ?? ":memory:", fields: [], now })
    drivers.push(driver)
    return driver
  }
  const first = open()

  function reach(life: Life): Reach {
    const driver = path === undefined ? first : open()
    const line = lineFor(life, surroundings)
    /** Asks the file, however late, and whether or not anybody still waits. */
    const ask = <T>(deadline: number, work: () => Promise<T>, write = false) =>
      line<T>({ write, deadline }, ({ answer, refuse }) => {
        current = life.process
        const done = work()
        if (path !== undefined) time.outside(done.catch(() => {}))
        done.then(answer, refuse)
      })

    async function record(drafts: Parameters<Driver["record"]>[0]) {
      const outcomes = await driver.record(drafts)
      for (const outcome of outcomes)
        for (const { id, position, educator, eventId } of outcome.status === "recorded" ? outcome.notifications : []) {
          rows.set(id, { id, position, educator, event: eventId, visibleAt: time.now })
          say(`file: ${eventId} for ${educator} at ${position}`)
        }
      return outcomes
    }

    async function erase(ids: readonly number[]) {
      const erased = driver.erase(ids)
      time.outside(erased)
      await erased
      for (const id of ids) {
        if (rows.delete(id)) say(`file: ${id} is erased`)
      }
    }

    return {
      store: driver.store,
      lag: driver.lag,
      get known() {
        return driver.known
      },
      learn: (known) => driver.learn(known),
      record: (drafts) =>
        ask(DEADLINES.record, () => record(drafts), true).catch((error) =>
          drafts.map(() => ({ status: "unknown" as const, error })),
        ),
      since: (query) => ask(DEADLINES.since, () => driver.since(query)),
      read: (ids) => ask(DEADLINES.since, () => driver.read(ids)),
      unread: (educator) => ask(DEADLINES.list, () => driver.unread(educator)),
      list: (query) => ask(DEADLINES.list, () => driver.list(query)),
      bearing: (keys) => ask(DEADLINES.since, () => driver.bearing(keys)),
      erase: (ids) => ask(DEADLINES.record, () => erase(ids), true),
      notices: {
        post: (notice) => ask(DEADLINES.record, () => driver.notices.post(notice), true),
        since: (after) => ask(DEADLINES.since, () => driver.notices.since(after)),
        withdrawn: (keys) => ask(DEADLINES.since, () => driver.notices.withdrawn(keys)),
        concern: (educator, after) => ask(DEADLINES.since, () => driver.notices.concern(educator, after)),
      },
    }
  }

  return {
    reach,
    rows: () => [...rows.values()],
    pruned,
    prune(age) {
      const prune = async () => {
        await first.prune((await first.newestAt()) - age)
        const left = await first.read([...rows.keys()])
        const ids = new Set(left.map(({ id }) => id))
        for (const { id, event, educator } of rows.values())
          if (!ids.has(id) && !pruned.has(id)) {
            pruned.add(id)
            say(`file: ${event} for ${educator} is pruned`)
          }
      }
      time.outside(prune())
    },
    depose() {},
    leap() {},
    async close() {
      for (const driver of drivers) await driver.close()
    },
  }
}
