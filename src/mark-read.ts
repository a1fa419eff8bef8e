import type { Bus } from "./bus/bus.ts"
import type { History } from "./history/history.ts"
import type { Inbox, Marked, Selection } from "./history/inbox.ts"

type Needs = {
  inbox: Pick<Inbox, "markRead">
  history: Pick<History, "store">
  bus: Pick<Bus, "publish">
  /** Told of a failed publish, which nobody waits for. */
  report(stage: "publish", error: unknown): void
}

/** `all`: everything the educator had is read now, also what is not among the ids. */
export type MarkedRead = Marked & { all: boolean }

/** `origin` is the socket that asked, if one did: it is answered directly and not told again. */
export type MarkRead = (educator: number, selection: Selection, origin?: string) => Promise<MarkedRead>

/** Marks an educator's notifications as read and tells their other tabs. */
export function readMarker({ inbox, history, bus, report }: Needs): MarkRead {
  return async (educator, selection, origin) => {
    const all = "all" in selection
    const marked = { ...(await inbox.markRead(educator, selection, new Date().toISOString())), all }
    // Of all, also when nothing was left: an earlier attempt may have been cut off before it could tell.
    if (marked.ids.length > 0 || all)
      bus
        .publish([{ kind: "read", store: history.store, educator, ...marked, origin }])
        .catch((error) => report("publish", error))
    return marked
  }
}
