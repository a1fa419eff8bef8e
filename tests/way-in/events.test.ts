import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { StatementSync } from "node:sqlite"
import { Hono } from "hono"
import { cors } from "hono/cors"
import { webhookHandshake } from "../../routes/webhook-handshake.ts"
import { OLD } from "./sources.ts"
import { openWayIn, SUBMITTED } from "./way-in.ts"

let way: Awaited<ReturnType<typeof openWayIn>>
beforeAll(async () => {
  way = await openWayIn()
})
afterAll(() => way[Symbol.asyncDispose]())

let count = 0
/** An event that nobody sent before. */
const event = (more: object = {}) => ({ ...SUBMITTED, id: `event-${++count}`, ...more })
const listOf = (educator: number) => way.history.list({ educator, limit: 1000 })
const newestOf = async (educator: number) => (await listOf(educator))[0]

async function refusal(answer: Response | Promise<Response>) {
  const response = await answer
  expect(response.headers.get("content-type")).toBe("application/problem+json")
  const body = await response.json()
  expect(body.status).toBe(response.status)
  return `${body.status} ${body.code}`
}

/** What became of one event: its result, or the one inside the problem. */
async function resultOf(posted: unknown, headers?: Record<string, string>) {
  const { results } = await (await way.post(posted, headers)).json()
  return results[0]
}

describe("a native event", () => {
  test("is told to the staff of its course, as it was sent, and to none of the student's other teachers", async () => {
    const sent = event()
    const response = await way.post(sent)
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: 0,
      results: [{ id: sent.id, status: "accepted", notifications: 1 }],
    })
    expect(await newestOf(42)).toMatchObject({
      educator: 42,
      student: 7,
      source: "university",
      eventId: sent.id,
      type: "assignment.submitted",
      occurredAt: "2026-11-22T05:30:00.000Z",
      reason: "course",
      data: SUBMITTED.data,
    })
    for (const educator of [43, 44, 45]) expect(await listOf(educator)).toEqual([])
  })

  test("is told to the adviser too, and to the staff of the student's section alone", async () => {
    const english = { type: "question.asked", student: 9, data: { courseId: 5, question: "?" } }
    expect(await resultOf(event(english))).toMatchObject({ notifications: 2 })
    const told = await Promise.all([42, 43, 44, 45].map(newestOf))
    expect(told.filter((one) => one?.student === 9).map((one) => `${one?.educator} ${one?.reason}`)).toEqual([
      "43 adviser",
      "44 section",
    ])
  })

  test("is told to those whom it names, each once", async () => {
    expect(await resultOf(event({ educators: [501, 502, 501] }))).toMatchObject({ notifications: 2 })
    expect(await listOf(501)).toHaveLength(1)
  })

  test("happened now when it does not say, and needs no data when its type is not registered", async () => {
    const before = new Date().toISOString()
    await way.post({ id: "now", type: "locker.opened", student: 7, educators: [503] })
    const told = await newestOf(503)
    expect(told?.data).toEqual({})
    expect([before, told?.occurredAt, new Date().toISOString()].toSorted()).toEqual([
      before,
      String(told?.occurredAt),
      expect.any(String),
    ])
  })

  test("that concerns nobody is accepted, and the answer says why, and what to do", async () => {
    await way.directory.apply({
      courseStaff: [{ course: 6, educator: 50, section: "A" }],
      courseStudents: [{ course: 6, student: 999, section: "B" }],
    })
    const reasons = { no_course: {}, no_staff: { courseId: 77 }, other_sections: { courseId: 6 } }
    for (const [nobody, data] of Object.entries(reasons)) {
      const result = await resultOf(event({ type: "locker.opened", student: 999, data }))
      expect(result).toMatchObject({ status: "accepted", notifications: 0, nobody })
      expect(result.detail).toEndWith("Tell the directory who does, or name educators; then send the event again.")
    }
  })

  test("that reached nobody is so the second time too, and is told once somebody teaches the student", async () => {
    const sent = event({ student: 998, data: { assignmentId: 77 } })
    for (let time = 0; time < 2; time++)
      expect(await resultOf(sent)).toMatchObject({ status: "accepted", notifications: 0, detail: expect.any(String) })
    await way.directory.apply({ teaches: [{ educator: 508, student: 998 }] })
    expect(await resultOf(sent)).toEqual({ id: sent.id, status: "accepted", notifications: 1 })
    expect(await resultOf(sent)).toEqual({ id: sent.id, status: "duplicate" })
    await way.directory.apply({ teaches: [{ educator: 509, student: 998 }] })
    expect(await resultOf(sent)).toEqual({ id: sent.id, status: "accepted", notifications: 1 })
    expect([(await listOf(508)).length, (await listOf(509)).length]).toEqual([1, 1])
  })

  test("sent again is a duplicate, and so is one of two copies that race", async () => {
    const sent = event({ educators: [504] })
    expect((await resultOf(sent)).status).toBe("accepted")
    expect(await resultOf(sent)).toEqual({ id: sent.id, status: "duplicate" })
    const raced = event({ educators: [504] })
    const results = await Promise.all(Array.from({ length: 8 }, () => resultOf(raced)))
    expect(results.filter(({ status }) => status === "accepted")).toHaveLength(1)
    expect(await listOf(504)).toHaveLength(2)
  })

  test("of another source is another event, whatever its id", async () => {
    const sent = event({ educators: [505] })
    await way.post(sent)
    await way.post(sent, { authorization: "Bearer school-secret-1234567890" })
    expect((await listOf(505)).map((told) => told.source)).toEqual(["school", "university"])
  })

  test("keeps every text and name of its data that is Unicode", async () => {
    const data = {
      "텍스트 \u2028 😀": 'NUL \0 and "quotes"',
      deep: [[{ "a/b~c": [null, true, -1.5, 9007199254740991] }]],
      "": {},
    }
    expect(await resultOf(event({ type: "note.written", educators: [506], data }))).toMatchObject({
      status: "accepted",
    })
    expect((await newestOf(506))?.data).toEqual(data)
  })
})

describe("an event that is not acceptable", () => {
  const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`
  const cases: [string, object | string, string][] = [
    ["no object", "3", "#"],
    ["null", "null", "#"],
    ["no id", { ...SUBMITTED, id: undefined }, "#/id"],
    ["an empty id", event({ id: "" }), "#/id"],
    ["an id that is too long", event({ id: "x".repeat(256) }), "#/id"],
    ["an id with a control character", event({ id: "a\nb" }), "#/id"],
    ["no type", event({ type: undefined }), "#/type"],
    ["a type that is no word", event({ type: "<b>" }), "#/type"],
    ["a time without an offset", event({ time: "2026-11-22T05:30:00" }), "#/time"],
    ["a day that does not exist", event({ time: "2026-02-30T05:30:00Z" }), "#/time"],
    ["a year of five digits", event({ time: "9999-12-31T23:59:59-05:00" }), "#/time"],
    ["a student by name", event({ student: "7" }), "#/student"],
    ["a student beyond 2^53", `{"id":"a","type":"a","student":9007199254740993}`, "#/student"],
    ["a student of zero", event({ student: 0 }), "#/student"],
    ["an empty list of educators", event({ educators: [] }), "#/educators"],
    ["an educator who is no index", event({ educators: [1, -2] }), "#/educators/1"],
    ["too many educators", event({ educators: Array.from({ length: 1001 }, (_, index) => index + 1) }), "#/educators"],
    ["a misspelt member", event({ educator: [42] }), "#"],
    ["data that is no object", event({ data: [1] }), "#/data"],
    ["data that its kind does not know", event({ data: { assignmentId: "nine" } }), "#/data/assignmentId"],
    ["a number that has lost digits", event({ type: "a", data: { "a/b": [0, 2 ** 60] } }), "#/data/a~1b/1"],
    ["a number beyond all", `{"id":"a","type":"a","student":7,"data":{"n":1e999}}`, "#/data/n"],
    ["half a surrogate pair", `{"id":"a","type":"a","student":7,"data":{"n":"\\ud800"}}`, "#/data/n"],
    ["a prototype", `{"id":"a","type":"a","student":7,"data":{"__proto__":{"x":1}}}`, "#/data"],
    ["a name with NUL", event({ type: "a", data: { "a\0b": 1 } }), "#/data"],
    ["too much data", event({ type: "a", data: { text: "가".repeat(22_000) } }), "#/data"],
    [
      "too deep data",
      `{"id":"a","type":"a","student":7,"data":{"n":${nested(200_000)}}}`,
      `#/data/n${"/0".repeat(30)}`,
    ],
  ]
  test.each(cases)("is refused with a pointer: %s", async (_, posted, pointer) => {
    const response = await way.post(posted)
    const body = await response.clone().json()
    expect(await refusal(response)).toBe("422 nothing_accepted")
    expect(body).toMatchObject({
      accepted: 0,
      duplicates: 0,
      rejected: 1,
      results: [{ status: "rejected", code: "event_invalid", pointer }],
    })
  })

  test("names its mistakes at once", async () => {
    const { detail } = await resultOf({ id: "x" })
    expect(detail).toContain("#/type")
    expect(detail).toContain("#/student")
  })

  test("right at the limits it is acceptable", async () => {
    const data = { text: "x".repeat(64 * 1024 - '{"text":""}'.length) }
    const educators = Array.from({ length: 1000 }, (_, index) => index + 10_000)
    expect(await resultOf({ id: "i".repeat(255), type: "t".repeat(255), student: 7, data, educators })).toMatchObject({
      notifications: 1000,
    })
    expect(await resultOf(`{"id":"deep","type":"a","student":7,"data":{"n":${nested(30)}}}`)).toMatchObject({
      status: "accepted",
    })
  })
})

describe("whom events concern is looked up together:", () => {
  const counted = () => {
    const { prototype } = StatementSync
    const all = prototype.all
    const queries: string[] = []
    prototype.all = function (...values: never[]) {
      if (this.sourceSQL.includes("allim_")) queries.push(this.sourceSQL)
      return (all as (...values: never[]) => ReturnType<typeof all>).apply(this, values)
    }
    return {
      queries,
      [Symbol.dispose]() {
        prototype.all = all
      },
    }
  }
  const classOf = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      event({ student: 1 + (index % 8), data: { assignmentId: 8 + (index % 4) } }),
    )

  test("a batch of 500 in three queries", async () => {
    using look = counted()
    const answer = await (await way.post(classOf(500))).json()
    expect(answer.accepted).toBe(500)
    expect(look.queries).toHaveLength(3)
  })

  test("200 at once that come one by one in a handful", async () => {
    using look = counted()
    const answers = await Promise.all(classOf(200).map((sent) => way.post(sent)))
    expect(answers.every(({ status }) => status === 202)).toBe(true)
    expect(look.queries.length).toBeLessThanOrEqual(9)
  })
})

describe("an array of events", () => {
  test("is answered one by one, in order, and the good ones are told", async () => {
    const [good, again, bad, other] = [
      event(),
      event(),
      event({ data: { courseId: "x" } }),
      event({ student: 997, data: { assignmentId: 77 } }),
    ]
    await way.post(again)
    const response = await way.post([good, again, bad, good, 5, other])
    expect(response.status).toBe(202)
    const answer = await response.json()
    expect(answer).toMatchObject({ accepted: 2, duplicates: 2, rejected: 2 })
    expect(answer.results).toMatchObject([
      { id: good.id, status: "accepted", notifications: 1 },
      { id: again.id, status: "duplicate" },
      { id: bad.id, status: "rejected", code: "event_invalid", pointer: expect.stringMatching(/^#\/2\/data\//) },
      { id: good.id, status: "duplicate" },
      { id: null, status: "rejected", pointer: "#/4" },
      { id: other.id, status: "accepted", notifications: 0, nobody: "no_course" },
    ])
  })

  test("in which nothing is acceptable is a problem that has the same results", async () => {
    const response = await way.post([event({ student: -1 }), event({ student: -2 })])
    const body = await response.clone().json()
    expect(await refusal(response)).toBe("422 nothing_accepted")
    expect(body.results.map(({ pointer }: { pointer: string }) => pointer)).toEqual(["#/0/student", "#/1/student"])
  })

  test("may hold 500 and not none", async () => {
    expect((await way.post(Array.from({ length: 500 }, () => event({ educators: [507] })))).status).toBe(202)
    expect(await refusal(way.post(Array.from({ length: 501 }, () => event())))).toBe("422 batch_too_large")
    expect(await refusal(way.post([]))).toBe("422 batch_empty")
  })
})

describe("how many may be told", () => {
  /** A course with so many staff. */
  const staffed = (course: number, count: number) =>
    way.directory.apply({
      courseStaff: Array.from({ length: count }, (_, index) => ({
        course,
        educator: 1_000_000 + index,
        section: null,
      })),
    })
  const of = (courseId: number) => event({ type: "locker.opened", data: { courseId } })

  test("of one event is 10,000: it alone is rejected, and what else is sent with it is told", async () => {
    await staffed(800, 10_001)
    await staffed(801, 10_000)
    const [other, crowded, full] = [event(), of(800), of(801)]
    const { results } = await (await way.post([other, crowded, full])).json()
    expect(results).toMatchObject([
      { id: other.id, status: "accepted", notifications: 1 },
      { id: crowded.id, status: "rejected", code: "too_many_recipients", detail: expect.stringContaining("10001") },
      { id: full.id, status: "accepted", notifications: 10_000 },
    ])
    const rehearsed = await way.app.request("/events?dry=true", {
      method: "POST",
      headers: { authorization: `Bearer ${OLD}`, "content-type": "application/json" },
      body: JSON.stringify([other, crowded]),
    })
    expect((await rehearsed.json()).results).toMatchObject([{ status: "duplicate" }, { code: "too_many_recipients" }])
    expect(await refusal(way.post(of(800)))).toBe("422 nothing_accepted")
  })

  test("of one request is 250,000: beyond it nothing is recorded, and the answer says how many they would be", async () => {
    await staffed(802, 10_000)
    const before = await listOf(1_000_000)
    const sent = [...Array.from({ length: 25 }, () => of(802)), event()]
    for (const query of ["", "?dry=true"]) {
      const response = await way.app.request(`/events${query}`, {
        method: "POST",
        headers: { authorization: `Bearer ${OLD}`, "content-type": "application/json" },
        body: JSON.stringify(sent),
      })
      const body = await response.clone().json()
      expect(await refusal(response)).toBe("422 too_many_notifications")
      expect(body).toMatchObject({ notifications: 250_001, detail: expect.stringContaining("fewer events") })
    }
    expect(await listOf(1_000_000)).toEqual(before)
    const dry = await way.app.request("/events?dry=true", {
      method: "POST",
      headers: { authorization: `Bearer ${OLD}`, "content-type": "application/json" },
      body: JSON.stringify(sent.slice(0, 25)),
    })
    const { accepted, results } = await dry.json()
    expect([dry.status, accepted]).toEqual([200, 25])
    expect(results.map((one: { recipients: object[] }) => one.recipients.length)).toEqual(Array(25).fill(10_000))
  })
})

describe("the order of checks", () => {
  const huge = "x".repeat(1024 * 1024 + 1)
  const chunked = (text: string) => new Response(text).body as ReadableStream

  test("size, type, identity, rate, JSON, meaning", async () => {
    await using slow = await openWayIn({ perSecond: 2 })
    const wrong = { "content-type": "text/plain", authorization: "Bearer wrong" }
    const announced = { ...wrong, "content-length": String(huge.length) }
    expect(await refusal(slow.post(huge, announced))).toBe("413 body_too_large")
    expect(await refusal(slow.post("{", wrong))).toBe("415 media_type_unsupported")
    expect(await refusal(slow.post("{", { authorization: "Bearer wrong" }))).toBe("401 source_unknown")
    expect(await refusal(slow.post("{"))).toBe("400 json_invalid")
    expect(await refusal(slow.post("{}"))).toBe("422 nothing_accepted")
    expect(await refusal(slow.post("{"))).toBe("429 rate_exceeded")
  })

  test("a body is measured by its announced length, and by what arrives", async () => {
    expect(await refusal(way.post("{}", { "content-length": "9999999" }))).toBe("413 body_too_large")
    const headers = { authorization: `Bearer ${OLD}`, "content-type": "application/json" }
    const send = (text: string) => way.app.request("/events", { method: "POST", headers, body: chunked(text) })
    expect(await refusal(send(huge))).toBe("413 body_too_large")
    expect((await send(JSON.stringify(event()))).status).toBe(202)
  })

  test("over a real connection too", async () => {
    const server = Bun.serve({ port: 0, fetch: way.app.fetch })
    try {
      const headers = { authorization: `Bearer ${OLD}`, "content-type": "application/json" }
      const send = (body: BodyInit) => fetch(`${server.url}events`, { method: "POST", headers, body })
      expect(await refusal(send(huge))).toBe("413 body_too_large")
      expect(await refusal(send(chunked(huge)))).toBe("413 body_too_large")
      expect((await send(chunked(JSON.stringify(event())))).status).toBe(202)
    } finally {
      await server.stop(true)
    }
  })
})

describe("headers", () => {
  test.each([
    ["application/json; charset=utf-8", 202],
    ["Application/JSON;CHARSET=UTF-8", 202],
    ['application/json; charset="utf-8"; profile=x', 202],
    ["application/json; charset=euc-kr", 415],
    ["application/x-www-form-urlencoded", 415],
    ["application/ld+json", 415],
    ["application/cloudevents+xml", 415],
    ["", 415],
  ])("the content type %p is answered %p", async (type, status) => {
    expect((await way.post(event(), { "content-type": type })).status).toBe(status)
  })

  test("a compressed body is refused as such", async () => {
    expect(await refusal(way.post(event(), { "content-encoding": "gzip" }))).toBe("415 media_type_unsupported")
  })

  test("JSON that is not UTF-8, or nothing at all, is no JSON", async () => {
    expect(await refusal(way.post(Uint8Array.of(0x22, 0xb0, 0xa1, 0x22)))).toBe("400 json_invalid")
    expect(await refusal(way.post(""))).toBe("400 json_invalid")
  })

  test("a refusal tells how to come back", async () => {
    expect((await way.post({}, { authorization: "" })).headers.get("www-authenticate")).toBe("Bearer")
    await using slow = await openWayIn({ perSecond: 1 })
    await slow.post(event())
    const limited = await slow.post(event())
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "1"])
  })

  test("a source's rate is its own, and the unknown spend nobody's", async () => {
    await using slow = await openWayIn({ perSecond: 1 })
    const school = { authorization: "Bearer school-secret-1234567890" }
    for (let guess = 0; guess < 5; guess++) await slow.post(event(), { authorization: `Bearer guess-${guess}` })
    expect((await slow.post(event())).status).toBe(202)
    expect((await slow.post(event(), school)).status).toBe(202)
    expect((await slow.post(event(), school)).status).toBe(429)
  })

  test("when history does not answer it is a 503 with Retry-After", async () => {
    const reported: unknown[] = []
    await using broken = await openWayIn({ report: (stage, error) => reported.push([stage, error]) })
    await broken.history.close()
    const response = await broken.post(event())
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(await refusal(response)).toBe("503 unavailable")
    expect(reported).toMatchObject([["record", { code: "unavailable" }]])
  })
})

describe("the handshake of CloudEvents' webhooks", () => {
  const app = new Hono().use(webhookHandshake()).use(cors({ origin: "https://lms.example" }))

  test("is answered, beside CORS", async () => {
    const asked = await app.request("/events", {
      method: "OPTIONS",
      headers: { "WebHook-Request-Origin": "eventemitter.example", "WebHook-Request-Rate": "120" },
    })
    expect(asked.status).toBe(204)
    expect(asked.headers.get("allow")).toContain("POST")
    expect(asked.headers.get("webhook-allowed-origin")).toBe("eventemitter.example")
    expect(asked.headers.get("webhook-allowed-rate")).toBe("*")
    const preflight = await app.request("/events", {
      method: "OPTIONS",
      headers: { origin: "https://lms.example", "access-control-request-method": "POST" },
    })
    expect(preflight.headers.get("access-control-allow-origin")).toBe("https://lms.example")
    expect(preflight.headers.has("webhook-allowed-origin")).toBe(false)
  })
})
