import { describe, expect, test } from "bun:test"
import asyncapiSchemas from "@asyncapi/specs"
import { Validator } from "@seriousme/openapi-schema-validator"
import { Ajv } from "ajv"
import { Ajv2020 } from "ajv/dist/2020.js"
import type { Hono } from "hono"
import { documentRoutes } from "../../routes/documents.ts"
import { notificationRoutes } from "../../routes/notifications.ts"
import { operationRoutes } from "../../routes/operations.ts"
import type { RequestEnv } from "../../routes/request-log.ts"
import { fieldsOfKinds, kinds } from "../../src/kinds/kinds.ts"
import { createMetrics } from "../../src/metrics.ts"
import { problems } from "../../src/problem.ts"
import { EVENTS, NAMESPACE } from "../../src/wire.ts"
import { connect, handIn, listen, startServer } from "../server.ts"
import { until } from "../until.ts"
import { OLD } from "./sources.ts"
import { openWayIn, SUBMITTED } from "./way-in.ts"

const documents = documentRoutes({ fields: fieldsOfKinds() })
const read = async (path: string) => (await documents.request(path)).json()
const openapi = await read("/openapi.json")
const asyncapi = await read("/asyncapi.json")

const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: "openapi", ...openapi })
const schemaOf = (name: string) => {
  const validate = ajv.getSchema(`openapi#/components/schemas/${name}`)
  if (!validate) throw new Error(`There is no schema ${name}`)
  return (value: unknown) => (validate(value) ? [] : validate.errors)
}

/** The routes that the application serves, and those that its document names. */
function routesOf(app: Pick<Hono<RequestEnv>, "routes">) {
  const served = app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`)
  return [...new Set(served)].toSorted()
}
const described = Object.entries<object>(openapi.paths)
  .flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`))
  .toSorted()

describe("/openapi.json", () => {
  test("is OpenAPI 3.1", async () => {
    expect(openapi.openapi).toStartWith("3.1")
    expect(await new Validator().validate(structuredClone(openapi))).toMatchObject({ valid: true })
  })

  test("describes every route and no other", async () => {
    await using way = await openWayIn()
    const never = () => Promise.reject(new Error("not called"))
    const served = routesOf({
      routes: [
        ...way.app.routes,
        ...notificationRoutes({
          inbox: way.history,
          present: never,
          markRead: never,
          verifyToken: never,
          fields: [],
          defaultLanguage: "ko",
        }).routes,
        ...operationRoutes({ vital: {}, lesser: {}, stopping: () => false, metrics: createMetrics() }).routes,
        ...documents.routes,
      ] as Hono<RequestEnv>["routes"],
    })
    expect(served).toEqual(described)
  })

  test("names every problem", () => {
    const { Problem, ...schemas } = openapi.components.schemas
    expect(Problem.properties.code.enum).toEqual(Object.keys(problems))
    const everywhere = JSON.stringify([openapi.paths, openapi.info, schemas])
    const unnamed = Object.keys(problems).filter((code) => !everywhere.includes(code))
    expect(unnamed).toEqual([])
  })

  test("has schemas that take what the routes take, and refuse what they refuse", async () => {
    await using way = await openWayIn()
    const event = schemaOf("Event")
    for (const [posted, acceptable] of [
      [SUBMITTED, true],
      [{ ...SUBMITTED, id: "2", type: "locker.opened", data: undefined }, true],
      [{ ...SUBMITTED, id: "3", educators: [1, 2], time: undefined }, true],
      [{ ...SUBMITTED, id: "4", data: {} }, false],
      [{ ...SUBMITTED, id: "5", educators: [] }, false],
      [{ ...SUBMITTED, id: "6", student: "7" }, false],
      [{ ...SUBMITTED, id: "7", educator: 3 }, false],
      [{ ...SUBMITTED, id: "", student: 7 }, false],
    ] as const) {
      const plain = JSON.parse(JSON.stringify(posted))
      expect([plain, event(plain)?.length === 0]).toEqual([plain, acceptable])
      expect([plain, (await way.post(plain)).status === 202]).toEqual([plain, acceptable])
    }
  })

  test("has examples that are accepted", async () => {
    await using way = await openWayIn()
    const { content } = openapi.paths["/events"].post.requestBody
    const examples = [
      ["application/json", content["application/json"].examples.one.value],
      ["application/json", content["application/json"].examples.several.value],
      ["application/cloudevents+json", content["application/cloudevents+json"].example],
      ["application/cloudevents-batch+json", content["application/cloudevents-batch+json"].example],
    ]
    for (const [type, value] of examples) expect((await way.post(value, { "content-type": type })).status).toBe(202)
    expect(schemaOf("CloudEvent")(examples[2]?.[1])).toEqual([])
  })

  test("describes the answers as they are", async () => {
    await using way = await openWayIn()
    const accepted = await way.post([SUBMITTED, { id: 5 }])
    expect(schemaOf("EventsAnswer")(await accepted.json())).toEqual([])
    const problem = await (await way.post([{}])).json()
    expect(schemaOf("Problem")(problem)).toEqual([])
    expect(schemaOf("EventsAnswer")(problem)).toEqual([])
    const change = { courses: [{ id: 1, name: "수학" }], teaches: [{ educator: 1, student: 2 }] }
    expect(schemaOf("DirectoryChange")(change)).toEqual([])
    const put = { method: "PUT", headers: { authorization: `Bearer ${OLD}`, "content-type": "application/json" } }
    const send = (path: string, body: object) => way.app.request(path, { ...put, body: JSON.stringify(body) })
    expect((await send("/directory", change)).status).toBe(204)
    expect(schemaOf("DirectoryEffect")(await (await send("/directory?dry=true", change)).json())).toEqual([])
    const roster = { staff: [{ educator: 1, section: 2 }], students: [{ student: 2 }] }
    expect(schemaOf("Roster")(roster)).toEqual([])
    const effect = await send("/directory/courses/3/roster?dry=true", roster)
    expect(schemaOf("RosterEffect")(await effect.json())).toEqual([])
  })

  test("describes what educators get as it is", async () => {
    await using server = await startServer()
    await server.post(handIn())
    const page = await (await server.get("/notifications", 42)).json()
    expect(page.items).toHaveLength(1)
    expect(schemaOf("NotificationPage")(page)).toEqual([])
    expect(schemaOf("UnreadCount")(await (await server.get("/notifications/count", 42)).json())).toEqual([])
    const headers = { authorization: `Bearer ${await server.tokenOf(42)}`, "content-type": "application/json" }
    for (const selection of [{ 알림_고유_아이디: [page.items[0].알림_고유_아이디] }, { 모두: true }]) {
      expect(schemaOf("ReadSelection")(selection)).toEqual([])
      const read = { method: "POST", headers, body: JSON.stringify(selection) }
      const answer = await fetch(`${server.url}/notifications/read`, read)
      expect(schemaOf("ReadOutcome")(await answer.json())).toEqual([])
    }
    expect(await (await fetch(`${server.url}/openapi.json`)).json()).toEqual(openapi)
  })

  test("has a schema for each kind, native and as a CloudEvent", () => {
    const names = Object.keys(openapi.components.schemas)
    for (const { type } of kinds) expect(names).toContainValues([`Event.${type}`, `CloudEvent.${type}`])
  })
})

describe("/asyncapi.json", () => {
  test("is AsyncAPI 3.0", () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(
      asyncapiSchemas.schemasWithoutId["3.0.0"],
    )
    validate(asyncapi)
    expect(validate.errors).toBeNull()
  })

  test("describes the namespace's events, the acknowledgement and the refusal", () => {
    const { educator } = asyncapi.channels
    expect(educator.address).toBe(NAMESPACE)
    const names = Object.values<{ name: string }>(educator.messages).map(({ name }) => name)
    expect(new Set(names)).toEqual(new Set([...Object.values(EVENTS), "acknowledgement", "connect_error"]))
  })

  test("describes what sockets hear and are answered as it is", async () => {
    const draft7 = new Ajv({ strict: false, validateFormats: false })
    const { messages } = asyncapi.channels.educator
    const mistakes = (name: string, args: unknown) => {
      draft7.validate(messages[name].payload, args)
      return draft7.errors
    }
    await using server = await startServer()
    using client = await listen(server, 42)
    using other = await listen(server, 42)
    await server.post(handIn())
    await until(() => client.notifications().length === 1, "the notification")
    const selection = { 알림_고유_아이디: [client.notifications()[0]?.알림_고유_아이디] }
    const answer = await client.socket.emitWithAck(EVENTS.read, selection)
    const refused = await client.socket.emitWithAck(EVENTS.read, { 알림_고유_아이디: [] })
    await until(() => other.reads().length === 1, "the other tab being told")
    using stranger = connect(server.url, { auth: { token: "wrong" } })
    const { message, data } = await new Promise<Error & { data: unknown }>((heard) =>
      stranger.socket.once("connect_error", (error) => heard(error as Error & { data: unknown })),
    )

    expect(mistakes("markRead", [selection])).toBeNull()
    expect(mistakes("marked", [answer])).toBeNull()
    expect(mistakes("marked", [refused])).toBeNull()
    expect(mistakes("refused", [{ message, data }])).toBeNull()
    const names = { [EVENTS.notification]: "notification", [EVENTS.count]: "count", [EVENTS.read]: "read" }
    for (const { event, args } of [...client.heard, ...other.heard])
      expect([event, mistakes(names[event as keyof typeof names], args)]).toEqual([event, null])
  })
})
