import { Counter, Gauge, Histogram, Registry } from "prom-client"

export type Metrics = ReturnType<typeof createMetrics>

/** Where a background failure happened, for `allim_errors_total`. */
export type Stage = "publish" | "deliver" | "directory" | "prune" | "request" | "socket" | "bus"

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
  return {
    registry,
    countEvents({ accepted, duplicates, rejected }: { accepted: number; duplicates: number; rejected: number }) {
      events.inc({ status: "accepted" }, accepted)
      events.inc({ status: "duplicate" }, duplicates)
      events.inc({ status: "rejected" }, rejected)
    },
    recorded: new Counter({
      name: "allim_notifications_recorded_total",
      help: "Notifications recorded in history",
      registers,
    }),
    delivered: new Counter({
      name: "allim_notifications_delivered_total",
      help: "Notifications emitted to sockets",
      registers,
    }),
    latency: new Histogram({
      name: "allim_delivery_seconds",
      help: "From making a notification's id to emitting it to a socket; replayed ones are not counted",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
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
    /** Registers what is counted only when somebody asks. */
    watch({ sockets, rooms }: { sockets(): number; rooms(): number }) {
      gauge("allim_sockets", "Educators' sockets connected now", sockets, registers)
      gauge("allim_rooms", "Educators with a subscription in this process", rooms, registers)
    },
  }
}

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
