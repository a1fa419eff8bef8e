import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { connect } from "node:net"
import { text } from "node:stream/consumers"
import { CloudEvent, HTTP } from "cloudevents"
import { OLD, signed } from "./sources.ts"
import { openWayIn, SUBMITTED } from "./way-in.ts"

let way: Awaited<ReturnType<typeof openWayIn>>
beforeAll(async () => {
  way = await openWayIn()
})
afterAll(() => way[Symbol.asyncDispose]())

let count = 0
/** An educator whom no other test of this file tells anything. */
const someone = () => ++count + 1000
const toldTo = (educator: number) => way.history.list({ educator, limit: 100 })

const STRUCTURED = { "content-type": "application/cloudevents+json" }
const cloudEvent = (educator: number, more: object = {}) => ({
  specversion: "1.0",
  id: "1",
  source: `/lms/서울/${educator}`,
  type: SUBMITTED.type,
  time: SUBMITTED.time,
  data: { student: 7, educators: [educator], ...SUBMITTED.data },
  ...more,
})
const toldOf = (educator: number) => ({
  source: `["university","/lms/서울/${educator}"]`,
  eventId: "1",
  student: 7,
  type: SUBMITTED.type,
  occurredAt: "2026-11-22T05:30:00.000Z",
  data: SUBMITTED.data,
})

async function resultOf(posted: unknown, headers: Record<string, string>) {
  const response = await way.post(posted, headers)
  const { results } = await response.json()
  return { http: response.status, ...results[0] }
}

/** Posts over a connection of its own, each header's name written as it is told; answers the whole response as text. */
async function overSocket(headers: Record<string, string>, body: string, written: (name: string) => string) {
  const server = Bun.serve({ port: 0, fetch: way.app.fetch })
  try {
    const all = { host: "lms", connection: "close", "content-length": String(Buffer.byteLength(body)), ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${written(name)}: ${value}\r\n`)
    const socket = connect(Number(server.port), "127.0.0.1")
    // Not ended: Bun answers nothing to a client that has closed its side.
    socket.write(`POST /events HTTP/1.1\r\n${lines.join("")}\r\n${body}`)
    return await text(socket)
  } finally {
    await server.stop(true)
  }
}

describe("what the official SDK emits is accepted as it comes", () => {
  const emitted = (educator: number) =>
    new CloudEvent({
      ...cloudEvent(educator, { source: `https://lms.example/${educator}` }),
      tenantid: "t1",
      subject: "sub-1",
    })
  const told = (educator: number) => ({
    ...toldOf(educator),
    source: `["university","https://lms.example/${educator}"]`,
  })

  test.each(["structured", "binary"] as const)("%s", async (mode) => {
    const educator = someone()
    const { headers, body } = HTTP[mode](emitted(educator))
    expect(await resultOf(body, headers as Record<string, string>)).toEqual({
      http: 202,
      id: "1",
      status: "accepted",
      notifications: 1,
    })
    expect(await toldTo(educator)).toMatchObject([told(educator)])
  })

  test.each(["structured", "binary"] as const)(
    "%s, signed by the official library, every header in another case",
    async (mode) => {
      const educator = someone()
      const { headers, body } = HTTP[mode](emitted(educator))
      const all = { ...(headers as Record<string, string>), ...signed(String(body)) }
      expect(await overSocket(all, String(body), (name) => name.toUpperCase())).toStartWith("HTTP/1.1 202")
      expect(await toldTo(educator)).toMatchObject([told(educator)])
    },
  )
})

describe("structured", () => {
  test.each([
    "application/cloudevents+json; charset=UTF-8",
    "Application/CloudEvents+JSON;charset=utf-8",
    "application/cloudevents+json",
  ])("comes as %s", async (type) => {
    const educator = someone()
    expect(await resultOf(cloudEvent(educator), { "content-type": type })).toMatchObject({ http: 202, id: "1" })
    expect(await toldTo(educator)).toEqual([expect.objectContaining(toldOf(educator))])
  })

  test("may carry its data as base64 of JSON", async () => {
    const educator = someone()
    const { data, ...rest } = cloudEvent(educator)
    const data_base64 = Buffer.from(JSON.stringify(data)).toString("base64")
    expect(await resultOf({ ...rest, data_base64 }, STRUCTURED)).toMatchObject({ status: "accepted" })
    expect(await toldTo(educator)).toEqual([expect.objectContaining(toldOf(educator))])
  })

  test("takes null for left out, and leaves extensions alone", async () => {
    const sent = cloudEvent(someone(), {
      time: null,
      subject: null,
      data_base64: null,
      traceparent: "00-1",
      sampled: 3,
    })
    expect(await resultOf(sent, STRUCTURED)).toMatchObject({ status: "accepted", notifications: 1 })
  })

  test("is identified by its source and id together, within the LMS that sent it", async () => {
    const educator = someone()
    const first = cloudEvent(educator, { source: "/a" })
    expect(await resultOf(first, STRUCTURED)).toMatchObject({ status: "accepted" })
    expect(await resultOf(first, STRUCTURED)).toMatchObject({ status: "duplicate", id: "1" })
    expect(await resultOf({ ...first, source: "/b" }, STRUCTURED)).toMatchObject({ status: "accepted" })
    const native = { ...SUBMITTED, id: "1", educators: [educator] }
    expect(await resultOf(native, {})).toMatchObject({ status: "accepted" })
  })

  test("is not taken for the native event whose id is its source, a space and its id: the second was lost", async () => {
    const educator = someone()
    const cloud = cloudEvent(educator, { source: "/lms", id: "X" })
    const native = { ...SUBMITTED, id: "/lms X", educators: [educator] }
    expect(await resultOf(cloud, STRUCTURED)).toMatchObject({ status: "accepted" })
    expect(await resultOf(native, {})).toMatchObject({ status: "accepted", notifications: 1 })
    expect(await toldTo(educator)).toMatchObject([
      { source: "university", eventId: "/lms X" },
      { source: '["university","/lms"]', eventId: "X" },
    ])
  })

  test.each<[object, string]>([
    [{ specversion: "0.3" }, "#/specversion"],
    [{ specversion: undefined }, "#/specversion"],
    [{ source: undefined }, "#/source"],
    [{ source: "a b" }, "#/source"],
    [{ id: "" }, "#/id"],
    [{ type: null }, "#/type"],
    [{ time: "yesterday" }, "#/time"],
    [{ data: undefined }, "#/data"],
    [{ data: "text" }, "#/data"],
    [{ data: { student: 0 } }, "#/data/student"],
    [{ data: { student: 7, educators: [] } }, "#/data/educators"],
    [{ data: { student: 7, assignmentId: "9" } }, "#/data/assignmentId"],
    [{ data_base64: "e30=" }, "#/data_base64"],
    [{ data: undefined, data_base64: "%%%" }, "#/data"],
    [
      {
        data: undefined,
        data_base64: Buffer.from(`{"student":7,"x":${"[".repeat(99)}${"]".repeat(99)}}`).toString("base64"),
      },
      `#/data/x${"/0".repeat(30)}`,
    ],
  ])("is refused with a pointer: %j", async (more, pointer) => {
    expect(await resultOf(cloudEvent(someone(), more), STRUCTURED)).toMatchObject({
      http: 422,
      status: "rejected",
      pointer,
    })
  })
})

describe("batch", () => {
  const BATCH = { "content-type": "application/cloudevents-batch+json; charset=UTF-8" }

  test("names the one that is bad and tells the others", async () => {
    const educator = someone()
    const response = await way.post(
      [
        cloudEvent(educator),
        cloudEvent(educator, { id: "2", data: { student: 7 } }),
        cloudEvent(educator, { id: "3" }),
      ],
      BATCH,
    )
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({
      accepted: 2,
      rejected: 1,
      results: [{ id: "1" }, { id: "2", status: "rejected", pointer: "#/1/data/assignmentId" }, { id: "3" }],
    })
    expect(await toldTo(educator)).toHaveLength(2)
  })

  test("that is empty is a problem", async () => {
    expect((await way.post([], BATCH)).status).toBe(422)
  })
})

describe("binary", () => {
  const attributes = { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/lms", "ce-type": SUBMITTED.type }
  const data = (educator: number) => ({ student: 7, educators: [educator], ...SUBMITTED.data })

  test.each(["application/json", "TEXT/JSON", "application/vnd.lms.v1+json; charset=utf-8"])(
    "comes as %s",
    async (type) => {
      const educator = someone()
      expect(await resultOf(data(educator), { ...attributes, "ce-id": type, "content-type": type })).toMatchObject({
        http: 202,
      })
      expect(await toldTo(educator)).toMatchObject([{ eventId: type, data: SUBMITTED.data }])
    },
  )

  test.each([
    ["percent-encoded", "%ED%95%9C%ea%b8%80%20%22%25%22", '한글 "%"'],
    ["quoted", '"\\"a\\" b"', '"a" b'],
    ["as the bytes of UTF-8", Buffer.from("한글 é").toString("latin1"), "한글 é"],
    ["with a sign that is nothing's code", "100%", "100%"],
  ])("reads a header %s", async (_, header, id) => {
    const headers = { ...attributes, "ce-id": header }
    expect(await resultOf(data(someone()), headers)).toMatchObject({ http: 202, id })
  })

  test("reads a header that comes as the bytes of UTF-8 over a real connection", async () => {
    const headers = {
      ...attributes,
      "content-type": "application/json",
      authorization: `Bearer ${OLD}`,
      "ce-id": "한글",
    }
    expect(await overSocket(headers, JSON.stringify(data(someone())), String)).toContain(
      '"id":"한글","status":"accepted"',
    )
  })

  test.each<[Record<string, string>, string]>([
    [{ "ce-subject": "%ED%95" }, "#/subject"],
    [{ "ce-subject": "\xff" }, "#/subject"],
    [{ "ce-specversion": "2.0" }, "#/specversion"],
    [{ "ce-time": "now" }, "#/time"],
    [{ "ce-id": "a%00b" }, "#/id"],
  ])("is refused with a pointer into the structured form: %j", async (more, pointer) => {
    expect(await resultOf(data(someone()), { ...attributes, ...more })).toMatchObject({ http: 422, pointer })
  })

  test("one attribute alone is enough to be binary, and an array is no data", async () => {
    expect(await resultOf(data(someone()), { "ce-id": "1" })).toMatchObject({
      http: 422,
      id: "1",
      pointer: "#/specversion",
    })
    expect(await resultOf([data(someone())], attributes)).toMatchObject({ http: 422, pointer: "#/data" })
  })
})
