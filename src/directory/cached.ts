import { setTimeout as sleep } from "node:timers/promises"
import DataLoader from "dataloader"
import { LRUCache } from "lru-cache"
import { Problem } from "../problem.ts"
import { type Report, seldom } from "../report.ts"
import type { Directory, Noun, Rows, WritableDirectory } from "./directory.ts"

export type CacheOptions = {
  /** How long a look-up waits for the directory, in milliseconds: 250. */
  deadline?: number
  /** How long a row counts as fresh, in milliseconds: 60,000. */
  ttl?: number
  /** The same for an id that was not there, which an LMS may be about to add: 2,000. */
  missingTtl?: number
  /** How many rows of each noun are kept, the least recently used going first: 20,000, about 5 MB. */
  max?: number
  /** Told that the directory failed or was late, at most once in 10 s. */
  report: Report
}

/**
 * A directory whose `find` is made for presenting: what is asked for in one tick is one query for each noun, and a row that is known is
 * not asked for again while it is fresh. It MUST NOT reject, nor keep anyone longer than `deadline`: when the directory fails or is
 * late, it answers with the rows it has, stale ones included. The other methods are the directory's own; `recipientsOf` is never
 * cached, because a notification that an educator was not given would be lost for good.
 */
export function cachedDirectory<D extends Directory>(directory: D, options: CacheOptions): D {
  const report = seldom(options.report)
  const open = <N extends Noun>(noun: N) => cacheOf(noun, directory, { ...options, report })
  const openAll = () => ({
    student: open("student"),
    course: open("course"),
    assignment: open("assignment"),
    quiz: open("quiz"),
    lesson: open("lesson"),
  })
  let caches: { [N in Noun]: Cache<N> } = openAll()

  const find: Directory["find"] = async (noun, ids) => {
    const look = caches[noun]
    const rows = await Promise.all([...new Set(ids)].map(look))
    return new Map(rows.flatMap((row) => (row ? [[row.id, row]] : [])))
  }

  /** New caches rather than emptied ones: an answer that is still under way is older than the change and must not be kept. Places are not cached. */
  const apply: WritableDirectory["apply"] = async (...change) => {
    const effect = await (directory as Directory as WritableDirectory).apply(...change)
    caches = openAll()
    return effect
  }

  // Not a copy: what the directory itself inherits would be left behind.
  return Object.assign(Object.create(directory), { find, ...("apply" in directory && { apply }) })
}

/** Answers the row, or undefined when there is none or none is known in time. */
type Cache<N extends Noun> = (id: number) => Promise<Rows[N] | undefined>

function cacheOf<N extends Noun>(noun: N, directory: Pick<Directory, "find">, options: CacheOptions): Cache<N> {
  const { deadline = 250, ttl = 60_000, missingTtl = 2_000, max = 20_000, report } = options
  const known = new LRUCache<number, { row: Rows[N] | undefined }>({ max, ttl, noDeleteOnStaleGet: true })
  const asked = new Map<number, Promise<void>>()
  const loader = new DataLoader<number, Rows[N] | undefined>(
    async (ids) => {
      const rows = await directory.find(noun, ids)
      return ids.map((id) => rows.get(id))
    },
    { cache: false },
  )

  /** Resolves when the row has come, has failed to come, or is late; whoever asks for a row that is late does not wait again. */
  function ask(id: number): Promise<void> {
    const answered = loader
      .load(id)
      .then((row) => void known.set(id, { row }, row ? {} : { ttl: missingTtl }))
      .catch((error) => report("directory", error))
      .finally(() => asked.delete(id))
    const late = sleep(deadline, undefined, { ref: false }).then(() => {
      if (asked.get(id) === patience) report("directory", new Problem("unavailable", `No answer within ${deadline} ms`))
    })
    const patience = Promise.race([answered, late])
    asked.set(id, patience)
    return patience
  }

  return async (id) => {
    if (!known.has(id)) await (asked.get(id) ?? ask(id))
    return known.get(id, { allowStale: true })?.row
  }
}
