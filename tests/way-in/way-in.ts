import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createApp } from "../../routes/app.ts"
import { directoryRoutes } from "../../routes/directory.ts"
import { eventRoutes } from "../../routes/events.ts"
import type { ReadSigned } from "../../routes/signed-bodies.ts"
import { sourceAuthenticator } from "../../routes/source-auth.ts"
import { sourceRate } from "../../routes/source-rate.ts"
import { withdrawalRoutes } from "../../routes/withdrawals.ts"
import { inProcessBus } from "../../src/bus/in-process.ts"
import { monotonic } from "../../src/clock.ts"
import { sampleSchool } from "../../src/directory/sample-school.ts"
import { sqliteDirectory } from "../../src/directory/sqlite.ts"
import { sqliteHistory } from "../../src/history/sqlite.ts"
import { inGroups } from "../../src/in-groups.ts"
import { checkData } from "../../src/kinds/kinds.ts"
import { createLog } from "../../src/log.ts"
import { createMetrics } from "../../src/metrics.ts"
import { notifier } from "../../src/notify.ts"
import { originAllower } from "../../src/origin.ts"
import { WAITING, weightOf } from "../../src/portions.ts"
import { rehearser } from "../../src/rehearse.ts"
import type { Source } from "../../src/settings.ts"
import { openWithdrawals } from "../../src/withdrawals.ts"
import { OLD, sources as university } from "./sources.ts"

type Options = {
  perSecond?: number
  writable?: boolean
  /** A file of its own when left out. */
  history?: string
  sources?: readonly Source[]
  readSigned?: ReadSigned
  /** Told of failures in the background; left out, each fails the test. */
  report?: (stage: string, error: unknown) => void
}

/** The way in on the embedded drivers and the sample school, in a directory of its own. */
export async function openWayIn(options: Options = {}) {
  const { perSecond = 1_000_000, writable = true, sources = university } = options
  const report = options.report ?? ((_: string, error: unknown) => Promise.reject(error))
  const folder = mkdtempSync(join(tmpdir(), "allim-way-in-"))
  const directory = sqliteDirectory({ path: join(folder, "directory.sqlite"), here: true })
  const history = sqliteHistory({ path: options.history ?? join(folder, "history.sqlite"), fields: [] })
  const bus = inProcessBus((error) => Promise.reject(error))
  await directory.apply(sampleSchool)

  const { apply, replaceRoster, ...readable } = directory
  const [authenticate, admit, metrics] = [
    sourceAuthenticator(sources, options.readSigned),
    sourceRate(perSecond, () => {}),
    createMetrics(),
  ]
  const withdrawals = openWithdrawals({
    history,
    inbox: history,
    notices: history.notices,
    upkeep: history,
    bus,
    clock: monotonic,
    report,
  })
  const record = inGroups(withdrawals.record, { weigh: weightOf, waiting: WAITING })
  const recipientsOf = inGroups(directory.recipientsOf)
  const notify = notifier({ recipientsOf, record, history, bus, metrics, report })
  const app = createApp({ log: createLog("silent"), metrics, allowOrigin: originAllower([]) }, [
    eventRoutes({
      notify,
      rehearse: rehearser({ recipientsOf, upkeep: history, notices: history.notices }),
      authenticate,
      admit,
      checkData,
      count: metrics.countEvents,
    }),
    withdrawalRoutes({ withdraw: withdrawals.withdraw, authenticate, admit }),
    directoryRoutes({ directory: writable ? directory : readable, authenticate, admit }),
  ])

  return {
    app,
    history,
    inbox: withdrawals.inbox,
    directory,
    metrics,
    /** Posts as the university does; headers and all may be replaced. */
    post: (body: unknown, headers: Record<string, string> = {}) =>
      app.request("/events", {
        method: "POST",
        headers: { authorization: `Bearer ${OLD}`, "content-type": "application/json", ...headers },
        body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all([history.close(), directory.close(), bus.close()])
      rmSync(folder, { recursive: true })
    },
  }
}

export const SUBMITTED = {
  id: "sub-8841",
  type: "assignment.submitted",
  time: "2026-11-22T14:30:00+09:00",
  student: 7,
  data: { assignmentId: 9, courseId: 3, late: false },
}
