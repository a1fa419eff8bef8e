import { Hono } from "hono"
import packageJson from "../package.json" with { type: "json" }
import type { Field } from "../src/history/condition.ts"
import { asyncapiDocument } from "./asyncapi.ts"
import { openapiDocument } from "./openapi.ts"
import type { RequestEnv } from "./request-log.ts"

/** The API, described for programs; `/docs` shows it to people. `fields` are what may be filtered on inside the data. */
export function documentRoutes({ fields }: { fields: readonly Field[] }) {
  const { version } = packageJson
  const openapi = JSON.stringify(openapiDocument({ fields, version }))
  const asyncapi = JSON.stringify(asyncapiDocument({ version }))
  const json = { "Content-Type": "application/json" }
  return new Hono<RequestEnv>()
    .get("/openapi.json", (c) => c.body(openapi, 200, json))
    .get("/asyncapi.json", (c) => c.body(asyncapi, 200, json))
}
