import { Hono } from "hono"
import type { VerifyToken } from "../src/access-token.ts"
import type { Field } from "../src/history/condition.ts"
import type { Inbox, Query } from "../src/history/inbox.ts"
import { decodePageCursor, encodePageCursor } from "../src/history/page-cursor.ts"
import { readConditions } from "../src/history/read-conditions.ts"
import { chooseLanguage, type Language } from "../src/locales/locales.ts"
import type { MarkRead } from "../src/mark-read.ts"
import { parseJson } from "../src/parse-json.ts"
import type { Present } from "../src/present.ts"
import { Problem } from "../src/problem.ts"
import { toWire, wireCount, wireRead } from "../src/wire.ts"
import { parseSelection } from "../src/wire-schemas.ts"
import { limitBody } from "./body.ts"
import { educatorAuth } from "./educator-auth.ts"
import { requireJson } from "./json-body.ts"
import { wholeNumber, yesOrNo } from "./query.ts"
import type { RequestEnv } from "./request-log.ts"

/** Notifications on a page: by default, and at most. */
export const pageLimits = { usual: 20, most: 100 }

/** Bytes of a body that names what was read: a thousand ids of sixteen digits, with room to spare. */
const READ_BODY = 64 * 1024

const PARAMETERS = ["cursor", "limit", "type", "student", "unread", "content-language"]

type Needs = {
  inbox: Pick<Inbox, "list" | "unread">
  present: Present
  markRead: MarkRead
  verifyToken: VerifyToken
  /** What may be filtered on inside the data. */
  fields: readonly Field[]
  defaultLanguage: Language
}

/** History, for the educator whose access token it is. */
export function notificationRoutes({ inbox, present, markRead, verifyToken, fields, defaultLanguage }: Needs) {
  const auth = educatorAuth(verifyToken)

  return new Hono<RequestEnv>()
    .get("/notifications", auth, async (c) => {
      const parameters = new URL(c.req.url).searchParams
      const asked = parameters.get("content-language") ?? c.req.header("Accept-Language")
      const language = chooseLanguage(asked, defaultLanguage)
      const query = readQuery(parameters, c.var.educator, fields)
      // One more than asked for tells whether there is a next page.
      const found = await inbox.list({ ...query, limit: query.limit + 1 })
      const page = found.slice(0, query.limit)
      const last = page.at(-1)
      const items = (await present(page, language)).map(toWire)
      c.header("Content-Language", language)
      c.header("Cache-Control", "no-store")
      return c.json({ items, next: found.length > page.length && last ? encodePageCursor(last.id) : null })
    })

    .get("/notifications/count", auth, async (c) => {
      c.header("Cache-Control", "no-store")
      return c.json(wireCount(await inbox.unread(c.var.educator)))
    })

    .post("/notifications/read", limitBody(READ_BODY), requireJson, auth, async (c) => {
      const selection = parseSelection(parseJson(await c.var.body.read()))
      return c.json(wireRead(await markRead(c.var.educator, selection)))
    })
}

function readQuery(parameters: URLSearchParams, educator: number, fields: readonly Field[]): Query {
  refuseUnknown(parameters)
  const { cursor, limit, type, student, unread } = Object.fromEntries(parameters)
  return {
    educator,
    limit: limit === undefined ? pageLimits.usual : wholeNumber("limit", limit, pageLimits.most),
    ...(cursor !== undefined && { before: decodePageCursor(cursor) }),
    ...(type !== undefined && { type }),
    ...(student !== undefined && { student: wholeNumber("student", student, Number.MAX_SAFE_INTEGER) }),
    ...(unread !== undefined && { unread: yesOrNo("unread", unread) }),
    conditions: readConditions(parameters, fields),
  }
}

/** A misspelt filter that went unnoticed would show more than was asked for. */
function refuseUnknown(parameters: URLSearchParams) {
  const names = [...parameters.keys()].filter((name) => !name.startsWith("data."))
  const unknown = names.find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined)
    throw new Problem(
      "query_invalid",
      `There is no parameter "${unknown}"; there are ${PARAMETERS.join(", ")} and data.<field>.`,
    )
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Problem("query_invalid", `${twice} is given twice.`)
}
