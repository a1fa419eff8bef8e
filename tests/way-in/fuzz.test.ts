import { afterAll, beforeAll, expect, test } from "bun:test"
import fc from "fast-check"
import { OLD } from "./sources.ts"
import { openWayIn, SUBMITTED } from "./way-in.ts"

let way: Awaited<ReturnType<typeof openWayIn>>
beforeAll(async () => {
  way = await openWayIn()
})
afterAll(() => way[Symbol.asyncDispose]())

const EXPECTED = [202, 400, 401, 413, 415, 422]

const latin1 = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
const json = fc.jsonValue({ maxDepth: 6, stringUnit: "binary" })

/** An event some of whose members are something else. */
const nearly = fc
  .record(
    {
      specversion: fc.oneof(fc.constant("1.0"), json),
      id: fc.oneof(fc.uuid(), fc.string({ unit: "binary" }), json),
      source: fc.oneof(fc.webUrl(), json),
      type: fc.oneof(fc.constantFrom("assignment.submitted", "quiz.graded", "other"), json),
      time: fc.oneof(
        fc.date().map(String),
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        json,
      ),
      student: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.double(), json),
      educators: fc.oneof(fc.array(fc.integer({ max: 50 })), json),
      data: fc.oneof(fc.record({ student: fc.nat(), assignmentId: json, courseId: json }, { requiredKeys: [] }), json),
      data_base64: fc.oneof(fc.base64String(), json),
      ["__proto__"]: json,
    },
    { requiredKeys: [] },
  )
  .map((more) => ({ ...(more.id && "data" in more ? SUBMITTED : {}), ...more }))

const body = fc.oneof(
  fc.oneof(json, nearly, fc.array(fc.oneof(nearly, json), { maxLength: 20 })).map((value) => JSON.stringify(value)),
  fc.string({ unit: "binary" }),
  fc.uint8Array(),
  fc
    .tuple(fc.constantFrom("[", '{"a":', '{"data":{"x":['), fc.nat(100_000))
    .map(([opening, times]) => opening.repeat(times)),
)
const contentType = fc.oneof(
  fc.constantFrom(
    "application/json",
    "application/cloudevents+json",
    "application/cloudevents-batch+json; charset=UTF-8",
  ),
  latin1,
)
const headers = fc.record(
  {
    "content-type": contentType,
    authorization: fc.oneof(fc.constant(`Bearer ${OLD}`), latin1),
    "ce-specversion": fc.oneof(fc.constant("1.0"), latin1),
    "ce-id": latin1,
    "ce-source": latin1,
    "ce-type": latin1,
    "ce-time": latin1,
    "ce-__proto__": latin1,
    "content-encoding": fc.constantFrom("gzip", "identity", ""),
    "content-length": fc.oneof(fc.nat().map(String), latin1),
  },
  { requiredKeys: ["content-type"] },
)

async function answerTo(posted: string | Uint8Array, sent: Record<string, string>) {
  const response = await way.post(posted, sent)
  expect(EXPECTED).toContain(response.status)
  const answer = await response.json()
  if (response.status === 202)
    expect(answer.results).toHaveLength(answer.accepted + answer.duplicates + answer.rejected)
  else expect(answer).toMatchObject({ status: response.status, code: expect.any(String) })
}

test("bodies of any kind get an answer that is expected", async () => {
  await fc.assert(
    fc.asyncProperty(body, contentType, (posted, type) => answerTo(posted, { "content-type": type })),
    { numRuns: 1000 },
  )
})

test("headers of any kind do as well", async () => {
  await fc.assert(fc.asyncProperty(body, headers, answerTo), { numRuns: 1000 })
})

test("changes of the directory of any kind do too, and names come back as they were", async () => {
  const name = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\0", "a\0b", "\ud800", "x".repeat(300)), json)
  const change = fc.record(
    {
      students: fc.oneof(
        fc.array(fc.record({ id: fc.oneof(fc.integer({ min: 5000, max: 5005 }), json), userId: name, name })),
        json,
      ),
      teaches: fc.oneof(fc.array(fc.record({ educator: fc.integer(), student: fc.oneof(fc.nat(), json) })), json),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(fc.oneof(change, json), async (sent) => {
      const headers = { authorization: `Bearer ${OLD}`, "content-type": "application/json" }
      const { status } = await way.app.request("/directory", { method: "PUT", headers, body: JSON.stringify(sent) })
      expect([204, 422]).toContain(status)
    }),
    { numRuns: 500 },
  )
})

test("what is accepted is kept as it was sent", async () => {
  const data = fc.dictionary(
    fc.string({ unit: "grapheme" }).filter((name) => name !== "__proto__" && !name.includes("\0")),
    json,
  )
  let count = 0
  await fc.assert(
    fc.asyncProperty(data, async (sent) => {
      const event = { id: `kept-${++count}`, type: "note.written", student: 7, educators: [9000], data: sent }
      if ((await way.post(event)).status !== 202) return
      const [kept] = await way.history.list({ educator: 9000, limit: 1 })
      expect(kept?.data).toEqual(JSON.parse(JSON.stringify(sent)))
    }),
    { numRuns: 300 },
  )
})
