import { Counter, Gauge, Histogram, Registry } from "prom-client"
import type { Descriptors } from "./descriptors.ts"
import { timeOf } from "./id.ts"
import { exceedances } from "./limits.ts"
import type { Notification } from "./notification.ts"

export type Metrics = ReturnType<typeof createMetrics>

/** Where a background failure happened, for `allim_errors_total`. */
export type Stage =
  | "publish"
  | "deliver"
  | "tail"
  | "directory"
  | "prune"
  | "request"
  | "socket"
  | "bus"
  | "record"
  | "signature"
  | "health"
  | "stop"
  | "thread"

/** What became of a request's events. */
type Counts = { accepted: number; duplicates: number; rejected: number; withdrawn?: number }

/** What operators watch, in a registry of its own so that several servers fit one process. Durations are in seconds. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const events = new Counter({
    name: "allim_events_total",
    help: "Events posted, by outcome",
    labelNames: ["status"],
    registers,
  })
  const delivered = new Counter({
    name: "allim_delivered_total",
    help: "Notifications emitted to sockets: by the bus, by the tail that reads history behind it, or replayed to a returning client",
    labelNames: ["by"],
    registers,
  })
  const latency = new Histogram({
    name: "allim_delivery_seconds",
    help: "From making a notification's id to emitting it to a socket; replayed ones are not counted",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const exceeded = new Counter({
    name: "allim_limit_exceeded_total",
    help: "Connections, requests and events refused or cut because a limit was met, by limit",
    labelNames: ["limit"],
    registers,
  })
  for (const limit of Object.keys(exceedances)) exceeded.inc({ limit }, 0)
  return {
    registry,
    exceeded,
    countEvents({ accepted, duplicates, rejected, withdrawn = 0 }: Counts) {
      events.inc({ status: "accepted" }, accepted)
      events.inc({ status: "duplicate" }, duplicates)
      events.inc({ status: "rejected" }, rejected)
      events.inc({ status: "withdrawn" }, withdrawn)
    },
    recorded: new Counter({
      name: "allim_notifications_recorded_total",
      help: "Notifications recorded in history",
      registers,
    }),
    /** `by`: from whoever recorded it, from the tail, or from a socket's own read. Latency is counted from the making of the id. */
    countDelivered({ id }: Pick<Notification, "id">, by: "bus" | "tail" | "replay") {
      delivered.inc({ by })
      if (by !== "replay") latency.observe(Math.max(0, Date.now() - timeOf(id)) / 1000)
    },
    strangers: new Counter({
      name: "allim_bus_strangers_total",
      help: "Messages of another store on the same bus, dropped",
      registers,
    }),
    requests: new Histogram({
      name: "allim_request_seconds",
      help: "HTTP requests, by route and status",
      labelNames: ["method", "route", "status"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    errors: new Counter({
      name: "allim_errors_total",
      help: "Background failures, by stage",
      labelNames: ["stage"],
      registers,
    }),
    signedBodiesRefused: new Counter({
      name: "allim_signed_bodies_refused_total",
      help: "Requests with a signed body that were answered with 503, because too many of them were under way",
      registers,
    }),
    watchSignedBodies(bytes: () => number) {
      gauge("allim_signed_body_bytes", "Bytes of signed bodies that are under way, of SIGNED_BYTES", bytes, registers)
    },
    watchSockets(sockets: () => number) {
      gauge("allim_sockets", "Educators' sockets connected now", sockets, registers)
    },
    watchConnections({ unconnected }: { unconnected(): number }, { open, limit }: Descriptors) {
      gauge("allim_unconnected", "Connections without a socket in the namespace", unconnected, registers)
      if (limit === undefined) return
      gauge("allim_descriptors", "File descriptors that are open", open, registers)
      gauge("allim_descriptors_limit", "File descriptors that may be open", () => limit, registers)
    },
    /** Registers what tells whether delivery is well, read only when somebody asks. */
    watchDelivery(
      delivery: { readonly rooms: number; readonly waiting: number; readonly markAge: number },
      bus: Doubtful,
    ) {
      gauge("allim_rooms", "Educators who listen in this process", () => delivery.rooms, registers)
      gauge(
        "allim_seats_waiting",
        "Sockets that wait for a read of history of their own",
        () => delivery.waiting,
        registers,
      )
      gauge(
        "allim_mark_age_seconds",
        "Since when history could not be seen to be complete any further: 5 at most when all is well on a file, 30 on a replica set",
        () => delivery.markAge / 1000,
        registers,
      )
      gauge(
        "allim_bus_doubtful",
        "1 while the bus may miss messages and history is read more often",
        () => Number(bus.doubtful),
        registers,
      )
    },
  }
}

type Doubtful = { readonly doubtful: boolean }

function gauge(name: string, help: string, read: () => number, registers: Registry[]) {
  return new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read())
    },
  })
}
