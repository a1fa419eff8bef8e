import { Hono } from "hono"
import { cors } from "hono/cors"
import { methodNotAllowed } from "hono/method-not-allowed"
import { requestId } from "hono/request-id"
import type { Log } from "../src/log.ts"
import type { Metrics } from "../src/metrics.ts"
import type { AllowOrigin } from "../src/origin.ts"
import { Problem } from "../src/problem.ts"
import { headAsGet } from "./head.ts"
import { preflight } from "./preflight.ts"
import { problemResponse } from "./problem-response.ts"
import { type RequestEnv, requestLog } from "./request-log.ts"
import { webhookHandshake } from "./webhook-handshake.ts"

type Needs = { log: Log; metrics: Pick<Metrics, "requests">; allowOrigin: AllowOrigin }

/** Browsers may keep the answer to a preflight for ten minutes, in seconds. */
const PREFLIGHT_AGE = 600

/** The HTTP side: what every route shares, and the ways in, each mounted at the paths it names itself. */
export function createApp({ log, metrics, allowOrigin }: Needs, ways: readonly Hono<RequestEnv>[]): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>()
  app.use(requestId())
  app.use(requestLog(log, metrics))
  app.use(headAsGet())
  app.use("/events", webhookHandshake())
  app.use(preflight())
  app.use(
    cors({
      origin: (origin, c) => (allowOrigin(origin, c.req.header("Host") ?? null) ? origin : null),
      allowMethods: ["GET", "POST", "PUT"],
      exposeHeaders: ["Retry-After", "X-Request-Id"],
      maxAge: PREFLIGHT_AGE,
    }),
  )
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header("Allow", methods.join(", "))
        return problemResponse(c, new Problem("method_not_allowed", `${c.req.path} serves ${methods.join(", ")}.`))
      },
    }),
  )
  for (const way of ways) app.route("/", way)
  app.notFound((c) => problemResponse(c, new Problem("not_found", "See /docs for what there is.")))
  app.onError((error, c) => problemResponse(c, error))
  return app
}
