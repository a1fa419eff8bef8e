import type { WireNotification } from "../../src/wire.ts"
import type { NativeEvent } from "./activities.ts"

/** The way of one event: posted, answered, and arrived at the first bell; times in milliseconds since it was posted. */
export type Trace = {
  event: NativeEvent
  /** On this page's own clock. */
  postedAt: number
  answer?: { status: number; body: unknown; ms: number }
  /** The server was not reached. */
  unsent?: true
  arrivedMs?: number
}

/** Posts events as an LMS does, and keeps the trace of the last one. `changed` is called whenever it has grown. */
export function poster(secret: string, changed: (trace: Trace) => void) {
  let trace: Trace | undefined
  const since = ({ postedAt }: Trace) => performance.now() - postedAt

  return {
    async post(event: NativeEvent): Promise<void> {
      const current: Trace = { event, postedAt: performance.now() }
      trace = current
      changed(current)
      const grow = (more: Partial<Trace>) => {
        Object.assign(current, more)
        if (trace === current) changed(current)
      }
      try {
        const response = await fetch("/events", {
          method: "POST",
          headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
          body: JSON.stringify(event),
        })
        const ms = since(current)
        grow({ answer: { status: response.status, body: await response.json(), ms } })
      } catch {
        grow({ unsent: true })
      }
    },
    /** Tells that a bell rang; the event's own time, student and type say for which. */
    rang(notification: WireNotification): void {
      if (!trace || trace.arrivedMs !== undefined) return
      const { event } = trace
      const same =
        notification.발생일 === event.time &&
        notification.유형 === event.type &&
        notification.학생_유저인덱스 === event.student
      if (!same) return
      trace.arrivedMs = since(trace)
      changed(trace)
    },
  }
}

/** The same request for a terminal. Its id is a new one each time, since the same event again would be a duplicate. */
export function curl(secret: string, { type, student, data }: NativeEvent): string {
  const body = JSON.stringify({ type, student, data }).replaceAll("'", "\\u0027")
  return `curl ${location.origin}/events -H 'Authorization: Bearer ${secret}' -H 'Content-Type: application/json' -d '{"id":"curl-'$(date +%s%N)'",${body.slice(1)}'`
}
