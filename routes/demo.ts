import { Hono } from "hono"
import { Problem } from "../src/problem.ts"
import type { RequestEnv } from "./request-log.ts"

/** What the demo page needs, and no LMS would give away. */
export type DemoPage = {
  /** The school as the page shows it. */
  school: object
  /** The secret of the source that plays the LMS. */
  secret: string
  language: string
  issueToken(educator: number): Promise<string>
}

/** Mounted by the command `demo` only. */
export function demoRoutes({ school, secret, language, issueToken }: DemoPage) {
  return new Hono<RequestEnv>()
    .get("/demo/school.json", (c) => c.json({ ...school, source: { secret }, language }))

    .get("/demo/token", async (c) => {
      const educator = Number(c.req.query("educator"))
      if (!Number.isSafeInteger(educator) || educator < 1)
        throw new Problem("query_invalid", "educator must be an educator's index, for example ?educator=42.")
      return c.json({ token: await issueToken(educator) })
    })
}
