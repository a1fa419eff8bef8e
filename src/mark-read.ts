import type { Bus } from "./bus/bus.ts"
import type { History, Marked, Selection } from "./history/history.ts"

type Needs = {
  history: Pick<History, "markRead">
  bus: Pick<Bus, "publish">
  /** Told of a failed publish, which nobody waits for. */
  report(stage: "publish", error: unknown): void
}

/** `all`: everything the educator had is read now, also what is not among the ids. */
export type MarkedRead = Marked & { all: boolean }

/** `origin` is the socket that asked, if one did: it is answered directly and not told again. */
export type MarkRead = (educator: number, selection: Selection, origin?: string) => Promise<MarkedRead>

/** Marks an educator's notifications as read and tells their other tabs. */
export function readMarker({ history, bus, report }: Needs): MarkRead {
  return async (educator, selection, origin) => {
    const all = "all" in selection
    const marked = { ...(await history.markRead(educator, selection, new Date().toISOString())), all }
    if (marked.ids.length > 0)
      bus.publish([{ kind: "read", educator, ...marked, origin }]).catch((error) => report("publish", error))
    return marked
  }
}
