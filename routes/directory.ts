import { Hono } from "hono"
import type { Directory, WritableDirectory } from "../src/directory/directory.ts"
import { Problem } from "../src/problem.ts"
import { limitBody } from "./body.ts"
import { requireJson } from "./json-body.ts"
import { readDry, wholeNumber } from "./query.ts"
import type { RequestEnv } from "./request-log.ts"
import { type Authenticate, bearerOnly, sourceAuth } from "./source-auth.ts"
import type { Admit } from "./source-rate.ts"

/** Bytes of a change: some 100,000 rows. More go in several requests. */
export const directoryLimits = { body: 10 * 1024 * 1024 }

type Needs = { directory: Directory | WritableDirectory; authenticate: Authenticate; admit: Admit }

/** Where an LMS tells who teaches and attends what, and what things are called, when the directory is ours. */
export function directoryRoutes({ directory, authenticate, admit }: Needs) {
  const checks = [limitBody(directoryLimits.body), requireJson, sourceAuth(authenticate, admit)] as const
  const writable = () => {
    if ("apply" in directory) return directory
    throw new Problem("directory_read_only", "Change it in the database that it is read from.")
  }

  return new Hono<RequestEnv>()
    .put("/directory", ...checks, async (c) => {
      const dry = readDry(c.req.url)
      const { apply } = writable()
      const effect = await apply(await c.var.body.read(), { dry })
      return dry ? c.json(effect) : c.body(null, 204)
    })

    .put("/directory/courses/:id/roster", bearerOnly, ...checks, async (c) => {
      const dry = readDry(c.req.url)
      const course = wholeNumber("The course's id", c.req.param("id"), Number.MAX_SAFE_INTEGER)
      const { replaceRoster } = writable()
      const effect = await replaceRoster(course, await c.var.body.read(), { dry })
      return dry ? c.json(effect) : c.body(null, 204)
    })
}
