import { openGateway } from "../realtime/gateway.ts"
import { createApp } from "../routes/app.ts"
import { type DemoPage, demoRoutes } from "../routes/demo.ts"
import { directoryLimits, directoryRoutes } from "../routes/directory.ts"
import { documentRoutes } from "../routes/documents.ts"
import { eventRoutes } from "../routes/events.ts"
import { notificationRoutes } from "../routes/notifications.ts"
import { operationRoutes } from "../routes/operations.ts"
import { pageRoutes } from "../routes/pages.ts"
import { sourceAuthenticator } from "../routes/source-auth.ts"
import { sourceRate } from "../routes/source-rate.ts"
import { tokenVerifier } from "./access-token.ts"
import { cachedDirectory } from "./directory/cached.ts"
import type { DirectoryChange } from "./directory/directory.ts"
import { openDrivers } from "./drivers.ts"
import { groupCommit } from "./group-commit.ts"
import { checkData } from "./kinds/kinds.ts"
import type { Log } from "./log.ts"
import { readMarker } from "./mark-read.ts"
import { createMetrics } from "./metrics.ts"
import { notifier } from "./notify.ts"
import { originAllower } from "./origin.ts"
import { presenter } from "./present.ts"
import { reporter } from "./report.ts"
import { keepFor } from "./retention.ts"
import { listen } from "./runtimes/bun.ts"
import type { Settings } from "./settings.ts"

export type Running = {
  url: string
  /** Answers what is under way, closes sockets slice by slice, then the drivers. Safe to call twice. */
  stop(): Promise<void>
}

type Options = {
  log: Log
  /** Serves the demo page on top, and puts its school into the directory. */
  demo?: { page: DemoPage; directory: DirectoryChange }
}

/** Brings everything together: opens the drivers, the way in and the way out, and listens. Throws a `StartError`. */
export async function start(settings: Settings, { log, demo }: Options): Promise<Running> {
  await using opened = new AsyncDisposableStack()
  const metrics = createMetrics()
  const report = reporter(log, metrics)
  const { history, bus, directory } = opened.use(await openDrivers(settings, { report }))
  opened.defer(keepFor(settings.retentionDays, history, (error) => report("prune", error)))

  const names = cachedDirectory(directory, { report })
  if (demo) await directory.apply(demo.directory)
  const present = presenter({ find: names.find, timeZone: settings.timeZone })
  const record = groupCommit(history.record)
  const notify = notifier({ directory, history: { record }, bus, metrics, report })
  const markRead = readMarker({ history, bus, report })
  const verifyToken = tokenVerifier(settings.tokens)
  const authenticate = sourceAuthenticator(settings.sources)
  const allowOrigin = originAllower(settings.allowedOrigins)
  const { defaultLanguage, fields } = settings
  let stopping = false

  const admit = sourceRate(settings.sourceRate)
  const gateway = openGateway({
    history,
    bus,
    present,
    markRead,
    verifyToken,
    allowOrigin,
    defaultLanguage,
    metrics,
    report,
  })
  const app = createApp({ log, metrics, allowOrigin }, [
    eventRoutes({ notify, authenticate, admit, checkData, count: metrics.countEvents }),
    directoryRoutes({ directory: names, authenticate, admit }),
    notificationRoutes({ history, present, markRead, verifyToken, fields, defaultLanguage }),
    operationRoutes({
      checks: { history: history.ping, bus: bus.ping, directory: directory.ping },
      stopping: () => stopping,
      metrics,
    }),
    documentRoutes({ fields }),
    pageRoutes({ demo: demo !== undefined }),
    ...(demo ? [demoRoutes(demo.page)] : []),
  ])
  const { host, port } = settings
  const listening = listen({ host, port, maxBody: 2 * directoryLimits.body, engine: gateway.engine, fetch: app.fetch })
  opened.defer(() => listening.abort())

  const kept = opened.move()
  let stopped: Promise<void> | undefined
  const stop = async () => {
    stopping = true
    const answered = listening.close()
    await gateway.close()
    await answered
    await kept.disposeAsync()
  }
  return {
    url: listening.url,
    stop: () => (stopped ??= stop()),
  }
}
