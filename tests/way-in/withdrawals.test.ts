import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { OLD, SCHOOL, signed } from "./sources.ts"
import { openWayIn, SUBMITTED } from "./way-in.ts"

let way: Awaited<ReturnType<typeof openWayIn>>
beforeAll(async () => {
  way = await openWayIn()
})
afterAll(() => way[Symbol.asyncDispose]())

let made = 0
const event = (more: object = {}) => ({ ...SUBMITTED, id: `제출 ${++made}`, educators: [42, 43], ...more })
const withdraw = (query: string, headers: Record<string, string> = { authorization: `Bearer ${OLD}` }) =>
  way.app.request(`/events?${query}`, { method: "DELETE", headers })
const idOf = ({ id }: { id: string }) => `id=${encodeURIComponent(id)}`
const resultOf = async (posted: object) => (await (await way.post(posted)).json()).results[0]
const unread = (educator: number) => way.history.unread(educator)
const listed = async (educator: number) =>
  (await way.inbox.list({ educator, limit: 100 })).map(({ eventId }) => eventId)

describe("an event that is taken back", () => {
  test("is in no list and no count, of nobody who was told", async () => {
    const [sent, other] = [event(), event()]
    await way.post([sent, other])
    const before = await Promise.all([42, 43].map(unread))
    const response = await withdraw(idOf(sent))
    expect([response.status, await response.text()]).toEqual([204, ""])
    for (const educator of [42, 43]) expect(await listed(educator)).not.toContain(sent.id)
    for (const educator of [42, 43]) expect(await listed(educator)).toContain(other.id)
    expect(await Promise.all([42, 43].map(unread))).toEqual(before.map((count) => count - 1))
  })

  test("is not told again when it is sent again, alone or among others", async () => {
    const sent = event()
    await way.post(sent)
    await withdraw(idOf(sent))
    const response = await way.post(sent)
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({
      accepted: 0,
      duplicates: 0,
      rejected: 0,
      withdrawn: 1,
      results: [{ id: sent.id, status: "withdrawn" }],
    })
    const answer = await (await way.post([event(), sent, { ...sent, educators: [44] }])).json()
    expect(answer).toMatchObject({ accepted: 1, withdrawn: 2 })
    expect(await listed(44)).not.toContain(sent.id)
  })

  test("may be taken back before it has come, and again: the second time is answered as the first", async () => {
    const sent = event()
    for (let time = 0; time < 2; time++) expect((await withdraw(idOf(sent))).status).toBe(204)
    expect(await resultOf(sent)).toEqual({ id: sent.id, status: "withdrawn" })
    expect((await withdraw(idOf(sent))).status).toBe(204)
  })

  test("is its source's own: another source's of the same id stays, and so does a CloudEvent's", async () => {
    const sent = event()
    const cloud = {
      specversion: "1.0",
      source: "/lms/1",
      id: sent.id,
      type: sent.type,
      data: { student: 7, educators: [42], assignmentId: 9 },
    }
    const school = { authorization: `Bearer ${SCHOOL}` }
    await way.post(sent)
    await way.post(sent, school)
    await way.post(cloud, { "content-type": "application/cloudevents+json" })
    const copies = async () => (await listed(42)).filter((id) => id === sent.id).length
    expect(await copies()).toBe(3)
    await withdraw(idOf(sent), school)
    expect(await copies()).toBe(2)
    await withdraw(`${idOf(sent)}&source=%2Flms%2F2`)
    expect(await copies()).toBe(2)
    await withdraw(`${idOf(sent)}&source=%2Flms%2F1`)
    expect(await copies()).toBe(1)
    await withdraw(idOf(sent))
    expect(await copies()).toBe(0)
  })

  test("is counted apart", async () => {
    const metric = async () =>
      (await way.metrics.registry.getMetricsAsJSON())
        .find(({ name }) => name === "allim_events_total")
        ?.values.find(({ labels }) => labels.status === "withdrawn")?.value ?? 0
    const before = await metric()
    const sent = event()
    await withdraw(idOf(sent))
    await way.post(sent)
    expect(await metric()).toBe(before + 1)
  })
})

describe("a withdrawal", () => {
  test.each([
    ["without a secret", "id=1", {}, "401 source_unknown"],
    ["with a wrong one", "id=1", { authorization: "Bearer wrong" }, "401 source_unknown"],
    ["with a signature, which does not cover whose it is,", "id=1", signed(""), "401 signature_invalid"],
    ["without an id", "", undefined, "400 query_invalid"],
    ["with an empty id", "id=", undefined, "400 query_invalid"],
    ["with an id that no event can have", "id=%00", undefined, "400 query_invalid"],
    ["with two ids", "id=1&id=2", undefined, "400 query_invalid"],
    ["with a misspelt source", "id=1&sorce=a", undefined, "400 query_invalid"],
    ["with an empty source", "id=1&source=", undefined, "400 query_invalid"],
  ])("%s is refused", async (_, query, headers, refusal) => {
    const response = await withdraw(query, headers)
    const { status, code } = await response.json()
    expect(`${status} ${code}`).toBe(refusal)
  })
})

describe("a dry run", () => {
  const rehearse = (posted: object) =>
    way.app.request("/events?dry=true", {
      method: "POST",
      headers: { authorization: `Bearer ${OLD}`, "content-type": "application/json" },
      body: JSON.stringify(posted),
    })

  test("says whom each event would be told to, and why, or why nobody; and changes nothing", async () => {
    const [fresh, had, gone] = [{ ...event(), educators: undefined }, event(), event()]
    const nobody = { ...event(), type: "locker.opened", student: 999, educators: undefined, data: {} }
    const partly = { ...had, educators: [42, 43, 47] }
    await way.post(had)
    await withdraw(idOf(gone))
    const before = await Promise.all([42, 43, 47].map(unread))
    const response = await rehearse([fresh, fresh, had, partly, gone, nobody, 7])
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      accepted: 3,
      duplicates: 2,
      rejected: 1,
      withdrawn: 1,
      results: [
        { id: fresh.id, status: "accepted", notifications: 1, recipients: [{ educator: 42, reason: "course" }] },
        { status: "duplicate" },
        { status: "duplicate" },
        { status: "accepted", notifications: 1, recipients: [{ educator: 47, reason: "named" }] },
        { status: "withdrawn" },
        { status: "accepted", notifications: 0, recipients: [], nobody: "no_course" },
        { status: "rejected", code: "event_invalid" },
      ],
    })
    expect(await Promise.all([42, 43, 47].map(unread))).toEqual(before)
    expect(await resultOf(fresh)).toMatchObject({ status: "accepted", notifications: 1 })
  })

  test("that is misspelt records nothing", async () => {
    const sent = event()
    const response = await way.app.request("/events?dyr=true", {
      method: "POST",
      headers: { authorization: `Bearer ${OLD}`, "content-type": "application/json" },
      body: JSON.stringify(sent),
    })
    expect((await response.json()).code).toBe("query_invalid")
    expect(await listed(42)).not.toContain(sent.id)
  })
})
