import { Hono } from "hono"
import { readDirectoryChange } from "../src/directory/change.ts"
import type { Directory, WritableDirectory } from "../src/directory/directory.ts"
import { Problem } from "../src/problem.ts"
import { limitBody } from "./body.ts"
import { parseJson, requireJson } from "./json-body.ts"
import type { RequestEnv } from "./request-log.ts"
import { type Authenticate, sourceAuth } from "./source-auth.ts"
import type { Admit } from "./source-rate.ts"

/** Bytes of a change: some 100,000 rows. More go in several requests. */
export const directoryLimits = { body: 10 * 1024 * 1024 }

type Needs = { directory: Directory | WritableDirectory; authenticate: Authenticate; admit: Admit }

/** Where an LMS tells who teaches whom and what things are called, when the directory is ours. */
export function directoryRoutes({ directory, authenticate, admit }: Needs) {
  const checks = [limitBody(directoryLimits.body), requireJson, sourceAuth(authenticate, admit)] as const
  return new Hono<RequestEnv>().put("/directory", ...checks, async (c) => {
    if (!("apply" in directory))
      throw new Problem("directory_read_only", "Change it in the database that it is read from.")
    await directory.apply(readDirectoryChange(parseJson(await c.var.body.read())))
    return c.body(null, 204)
  })
}
