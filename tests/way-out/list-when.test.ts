// When a page should list: at the first `count_알림`. Whatever is recorded is then in its list or delivered; listing earlier loses.
import { expect, test } from "bun:test"
import fc from "fast-check"
import type { WireNotification } from "../../src/wire.ts"
import { onEachRuntime } from "../on-each-runtime.ts"
import { connect, handIn, type Server } from "../server.ts"
import { until } from "../until.ts"

let educator = 3000

/** A page of a new educator, and what an LMS posts about them. Each post is named for the moment it is made at. */
function openPage(server: Server) {
  educator += 1
  const about = educator
  const posts: Promise<unknown>[] = []
  const named = (name: string) => handIn({ educators: [about], data: { assignmentId: 9, name } })
  return {
    post: (name: string) => void posts.push(server.post(named(name))),
    posted: () => Promise.all(posts),
    async list(): Promise<WireNotification[]> {
      const response = await server.get("/notifications?limit=100", about)
      return ((await response.json()) as { items: WireNotification[] }).items
    },
    connect: async (transport: string) =>
      connect(server.url, { auth: { token: await server.tokenOf(about) }, transports: [transport] }),
  }
}

const names = (notifications: readonly WireNotification[]) => notifications.map(({ 상세 }) => 상세.name)

const MOMENTS = ["before the page", "connecting", "connected", "counted", "listing", "listed"] as const
type Moment = (typeof MOMENTS)[number]
/** Posted at this moment, and whether the page waits there until it is recorded. */
type Post = { moment: Moment; awaited: boolean }

/** A page as it should be: what it lists at the first count, and what it is given live. */
async function listAtFirstCount(server: Server, transport: string, posts: readonly Post[]) {
  const page = openPage(server)
  const reach = async (moment: Moment) => {
    const due = posts.filter((post) => post.moment === moment)
    for (const [index] of due.entries()) page.post(`${moment} ${index}`)
    if (due.some(({ awaited }) => awaited)) await page.posted()
  }
  await reach("before the page")
  using client = await page.connect(transport)
  client.socket.on("connect", () => reach("connected"))
  await reach("connecting")
  await client.live()
  await reach("counted")
  const [listed] = await Promise.all([page.list(), reach("listing")])
  await reach("listed")
  await page.posted()
  const missing = () => posts.length - new Set([...names(listed), ...names(client.notifications())]).size
  await until(() => missing() === 0, `everything posted to be listed or given: ${JSON.stringify(posts)}`)
  return { listed: names(listed), given: names(client.notifications()) }
}

const somePosts = fc.array(fc.record({ moment: fc.constantFrom(...MOMENTS), awaited: fc.boolean() }), { maxLength: 10 })

onEachRuntime({}, (server, { runs }) => {
  test.each([["websocket"], ["polling"]])(
    "over %s, a page that lists at the first count misses nothing, whatever is posted while it loads and connects",
    async (transport) => {
      await fc.assert(
        fc.asyncProperty(somePosts, async (posts) => {
          const { given } = await listAtFirstCount(server, transport, posts)
          expect(new Set(given).size).toBe(given.length)
        }),
        {
          numRuns: runs(40),
          endOnFailure: true,
          examples: [[MOMENTS.flatMap((moment) => [true, false].map((awaited) => ({ moment, awaited })))]],
        },
      )
    },
  )

  test("what was there before the page is listed and not given; what comes after the list is given", async () => {
    const posts = [
      { moment: "before the page", awaited: true },
      { moment: "listed", awaited: true },
    ] as const
    expect(await listAtFirstCount(server, "websocket", posts)).toEqual({
      listed: ["before the page 0"],
      given: ["listed 0"],
    })
  })

  test("why: a page that lists first and connects then has what comes between neither listed nor given", async () => {
    const page = openPage(server)
    page.post("before")
    await page.posted()
    const listed = await page.list()
    page.post("between")
    await page.posted()
    using client = await page.connect("websocket")
    await client.live()
    // What comes later is given in order: once it is there, nothing that came before it is still under way.
    page.post("after")
    await until(() => client.notifications().length > 0)
    expect({ listed: names(listed), given: names(client.notifications()) }).toEqual({
      listed: ["before"],
      given: ["after"],
    })
  })
})
