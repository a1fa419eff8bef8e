import { setTimeout as pause } from "node:timers/promises"
import { watchConnections } from "../realtime/connections.ts"
import { openDelivery } from "../realtime/delivery.ts"
import { openGateway } from "../realtime/gateway.ts"
import type { Listen } from "../realtime/runtimes/runtime.ts"
import { createApp } from "../routes/app.ts"
import { type DemoPage, demoRoutes } from "../routes/demo.ts"
import { directoryLimits, directoryRoutes } from "../routes/directory.ts"
import { documentRoutes } from "../routes/documents.ts"
import { eventRoutes } from "../routes/events.ts"
import { notificationRoutes } from "../routes/notifications.ts"
import { operationRoutes } from "../routes/operations.ts"
import { pageRoutes } from "../routes/pages.ts"
import { signedBodies } from "../routes/signed-bodies.ts"
import { sourceAuthenticator } from "../routes/source-auth.ts"
import { sourceRate } from "../routes/source-rate.ts"
import { withdrawalRoutes } from "../routes/withdrawals.ts"
import { tokenVerifier } from "./access-token.ts"
import { monotonic } from "./clock.ts"
import { watchDescriptors } from "./descriptors.ts"
import { cachedDirectory } from "./directory/cached.ts"
import type { DirectoryChange } from "./directory/directory.ts"
import { openDrivers } from "./drivers.ts"
import type { History } from "./history/history.ts"
import { inGroups } from "./in-groups.ts"
import { checkData } from "./kinds/kinds.ts"
import type { Log } from "./log.ts"
import { readMarker } from "./mark-read.ts"
import { createMetrics } from "./metrics.ts"
import { notifier } from "./notify.ts"
import { type Opened, openAll } from "./opened.ts"
import { originAllower } from "./origin.ts"
import { WAITING, weightOf } from "./portions.ts"
import { presenter } from "./present.ts"
import { rehearser } from "./rehearse.ts"
import { remembered } from "./remembered.ts"
import { limitReporter, MINUTE, reporter, seldom } from "./report.ts"
import { keepFor } from "./retention.ts"
import type { Settings } from "./settings.ts"
import { openWithdrawals } from "./withdrawals.ts"

export type Running = {
  url: string
  /**
   * Answers what is under way, closes sockets slice by slice, then the drivers, each in its time; one that fails keeps no other open, is
   * reported, and then it rejects when all had their turn. Safe to call twice.
   */
  stop(): Promise<void>
}

/** How long requests under way may still take when the server stops, in milliseconds; then their connections are cut. */
const LAST_ANSWERS = 3_000

/** What is left of `STOP_TIMEOUT`, in milliseconds, for what closes after sockets and requests; sockets have all that is left of the two. */
const LEEWAY = 1_000

/**
 * How old the news may be that history takes records, in milliseconds: each probe is a durable commit, and every balancer asks. A full disk,
 * or a file that somebody has locked, shows within this time; that history answers is asked each time.
 */
const WRITE_PROBE = 5_000

type Options = {
  log: Log
  /** Serves the demo page on top, and puts its school into the directory. */
  demo?: { page: DemoPage; directory: DirectoryChange }
}

/** Brings everything together: opens the drivers, the way in and the way out, and listens. Throws a `StartError`. */
export function start(settings: Settings, { log, demo }: Options): Promise<Running> {
  const metrics = createMetrics()
  const report = reporter(log, metrics)
  const exceeded = limitReporter(log, metrics)
  const open = async (opened: Opened) => {
    const { history, inbox, upkeep, notices, bus, directory } = await openDrivers(settings, { opened, report })
    const forget = keepFor({ days: settings.retentionDays, upkeep, report: (error) => report("prune", error) })
    opened.defer("retention", forget)
    if (demo) await directory.apply(demo.directory)

    const names = cachedDirectory(directory, { report })
    const present = presenter({ find: names.find, timeZone: settings.timeZone })
    const withdrawals = openWithdrawals({ history, inbox, notices, upkeep, bus, clock: monotonic, report })
    const record = inGroups(withdrawals.record, { weigh: weightOf, waiting: WAITING })
    const recipientsOf = inGroups(directory.recipientsOf)
    const notify = notifier({ recipientsOf, record, history, bus, metrics, report })
    const markRead = readMarker({ inbox, history, bus, report })
    const verifyToken = tokenVerifier(settings.tokens)
    const { host, port, defaultLanguage, fields, limits } = settings
    const readSigned = signedBodies({ metrics, budget: limits.signedBytes, report: seldom(report, MINUTE) })
    const authenticate = sourceAuthenticator(settings.sources, readSigned)
    const admit = sourceRate(settings.sourceRate, exceeded)
    const allowOrigin = originAllower(settings.allowedOrigins)
    const writable = remembered(upkeep.ping, WRITE_PROBE)
    let stopping = false

    const delivery = openDelivery({
      history: withdrawals.history,
      notices,
      withdrawals,
      inbox,
      bus,
      present,
      delivered: metrics.countDelivered,
      stranger: () => metrics.strangers.inc(),
      clock: monotonic,
      limits,
      report: seldom(report),
    })
    opened.defer("delivery", delivery.close)
    metrics.watchDelivery(delivery, bus)
    const connections = watchConnections({ limits, clock: monotonic, exceeded })
    const descriptors = watchDescriptors(limits.spareDescriptors, monotonic)
    metrics.watchConnections(connections, descriptors)
    const gateway = openGateway({
      delivery,
      markRead,
      verifyToken,
      defaultLanguage,
      connections,
      limits,
      exceeded,
      watch: metrics.watchSockets,
      report,
    })
    const app = createApp({ log, metrics, allowOrigin }, [
      eventRoutes({
        notify,
        rehearse: rehearser({ recipientsOf, upkeep, notices }),
        authenticate,
        admit,
        checkData,
        count: metrics.countEvents,
      }),
      directoryRoutes({ directory: names, authenticate, admit }),
      withdrawalRoutes({ withdraw: withdrawals.withdraw, authenticate, admit }),
      notificationRoutes({
        inbox: withdrawals.inbox,
        present,
        markRead,
        verifyToken,
        fields,
        defaultLanguage,
      }),
      operationRoutes({
        vital: { history: () => answers(history).then(writable), delivery: delivery.started },
        lesser: { bus: bus.ping, directory: directory.ping },
        stopping: () => stopping,
        metrics,
        report: seldom(report, MINUTE),
      }),
      documentRoutes({ fields }),
      pageRoutes({ demo: demo !== undefined }),
      ...(demo ? [demoRoutes(demo.page)] : []),
    ])
    const { listen } = await runtime()
    const maxBody = 2 * directoryLimits.body
    const failed = (error: unknown) => report("request", error)
    const listening = await listen({
      host,
      port,
      maxBody,
      io: gateway.io,
      allowOrigin,
      connections,
      descriptors,
      exceeded,
      fetch: app.fetch,
      report: failed,
    })
    opened.defer("connections", listening.abort)

    let stopped: Promise<void> | undefined
    const stop = () => {
      stopping = true
      const answered = (async () => listening.close())()
      answered.catch(() => {}) // told of when it has its turn
      opened.defer("listening", () => Promise.race([answered, pause(LAST_ANSWERS)]), LAST_ANSWERS + LEEWAY)
      opened.defer("sockets", gateway.close, Math.max(LEEWAY, settings.stopTimeout * 1000 - LAST_ANSWERS - LEEWAY))
      return opened.close()
    }
    return {
      url: listening.url,
      stop: () => (stopped ??= stop()),
    }
  }
  return openAll(open, { failed: (error) => report("stop", error) })
}

/** Asks how far history is, as the tail does while nobody listens. */
async function answers(history: Pick<History, "since">): Promise<void> {
  await history.since({ educators: [], limit: 0 })
}

/** Loaded only where it runs: each stands on what the others have not. */
function runtime(): Promise<{ listen: Listen }> {
  return typeof Bun === "undefined" ? import("../realtime/runtimes/node.ts") : import("../realtime/runtimes/bun.ts")
}
