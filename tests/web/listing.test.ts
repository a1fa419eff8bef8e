// When the bell lists: not before the server has taken its position, and again by itself when it was not answered.
import { afterAll, beforeAll, expect, spyOn, test } from "bun:test"
import type { Page, Route, WebSocketRoute } from "playwright-core"
import { samplePage } from "../../src/directory/sample-school.ts"
import * as drivers from "../../src/drivers.ts"
import { EVENTS, NAMESPACE, type WireNotification } from "../../src/wire.ts"
import { handIn, type Server, startServer } from "../server.ts"
import { until } from "../until.ts"
import { type Browser, launch } from "./browser.ts"

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

/** The demo page's: the bell, and a small one for each of the school's educators. */
const CONNECTIONS = 1 + samplePage.educators.length

/** Something that waits until it is let go. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  let waiting = 0
  return {
    pass() {
      waiting += 1
      return promise
    },
    reached: () => until(() => waiting > 0, "somebody at the gate"),
    open: resolve,
  }
}

/** A server whose history takes its time, as one far away does: no socket has its position before the gate is open. */
async function startSlowServer(position: ReturnType<typeof gate>) {
  const openDrivers = drivers.openDrivers
  using _ = spyOn(drivers, "openDrivers").mockImplementation(async (...options) => {
    const opened = await openDrivers(...options)
    const { since } = opened.history
    opened.history.since = async (...query) => {
      await position.pass()
      return since(...query)
    }
    return opened
  })
  return startServer()
}

/** The demo page, whose bell is open from the start, and the lists that it asks for; `before` is called before it loads. */
async function visit(server: Server, before: (page: Page) => Promise<unknown> = async () => {}) {
  const visitor = await browser.open("about:blank")
  const { page } = visitor
  const lists = { asked: 0, answered: 0 }
  page.on("request", (request) => isList(request.url()) && lists.asked++)
  page.on("requestfinished", (request) => isList(request.url()) && lists.answered++)
  await before(page)
  // The client does not heed the browser's going offline when it talks to `localhost` by that name.
  await page.goto(server.url.replace("localhost", "127.0.0.1"))
  return { ...visitor, lists }
}

const isList = (url: string) => new URL(url).pathname === "/notifications"
const rows = (page: Page) => page.locator("allim-bell li")
const shows = (page: Page, count: number) =>
  until(async () => (await rows(page).count()) === count, `${count} notifications in the list`)
const loading = (page: Page) => page.locator("allim-bell [aria-busy=true]").getByText("불러오는 중…").waitFor()
const online = (page: Page) => page.locator("allim-bell [data-state=online]").first().waitFor()

test("a bell that is connected lists only when the server has taken its position, and so has what came before", async () => {
  const position = gate()
  await using server = await startSlowServer(position)
  await using visitor = await visit(server)
  const { page, lists } = visitor
  await online(page)
  await position.reached()
  await until(() => lists.answered === lists.asked, "the answer to any list that was asked too early")
  await server.post([handIn(), handIn()])
  position.open()
  await shows(page, 2)
  await server.post(handIn())
  await shows(page, 3)
  expect(visitor.errors).toEqual([])
})

test("what is posted while the connection is being made is shown", async () => {
  await using server = await startServer()
  const handshake = gate()
  await using visitor = await visit(server, (page) =>
    page.route("**/socket.io/?*", async (route: Route) => {
      await handshake.pass()
      await route.continue()
    }),
  )
  const { page, lists } = visitor
  await server.post(handIn())
  await handshake.reached()
  await loading(page)
  await server.post(handIn())
  expect(lists.asked).toBe(0)
  handshake.open()
  const posting = server.post(handIn())
  await online(page)
  await server.post(handIn())
  await posting
  await shows(page, 4)
  expect(visitor.errors).toEqual([])
})

test("a list that is not answered well is asked again without a click, and until then the panel says so", async () => {
  await using server = await startServer()
  await server.post([handIn(), handIn()])
  let refusing = true
  await using visitor = await visit(server, (page) =>
    page.route("**/notifications?*", (route: Route) => {
      return refusing ? route.fulfill({ status: 503 }) : route.continue()
    }),
  )
  const { page, lists } = visitor
  const notice = page.getByText("알림을 불러오지 못했습니다.")
  await notice.waitFor()
  await page.getByRole("button", { name: "다시 시도" }).waitFor()
  await until(() => lists.asked > 1, "the list to be asked again")
  expect(await notice.isVisible()).toBe(true)
  refusing = false
  await shows(page, 2)
  await notice.waitFor({ state: "hidden" })
})

test("what the server withdraws goes from the list at once, and from the count", async () => {
  await using server = await startServer()
  const upgraded: WebSocketRoute[] = []
  let withdrawn = false
  await using visitor = await visit(server, async (page) => {
    await page.routeWebSocket(/\/socket\.io\//, (socket) => {
      const there = socket.connectToServer()
      socket.onMessage((message) => {
        if (message === "5") upgraded.push(socket)
        there.send(message)
      })
    })
    await page.route("**/notifications?*", async (route: Route) => {
      const response = await route.fetch()
      const { items, next } = (await response.json()) as { items: WireNotification[]; next: string | null }
      await route.fulfill({ response, json: { items: items.slice(withdrawn ? 1 : 0), next } })
    })
  })
  const { page } = visitor
  await online(page)
  await server.post([handIn(), handIn()])
  await shows(page, 2)
  await until(() => upgraded.length === CONNECTIONS, "websockets")

  withdrawn = true
  for (const [event, ...args] of [
    [EVENTS.refresh, { 이유: "withdrawn" }],
    [EVENTS.count, { 안읽은_수: 1 }],
  ])
    for (const socket of upgraded) socket.send(`42${NAMESPACE},${JSON.stringify([event, ...args])}`)
  await shows(page, 1)
  await page.locator("allim-bell .badge").getByText("1", { exact: true }).waitFor()
  expect(visitor.errors).toEqual([])
})

test("a bell that nobody has opened asks for no list, when it connects or when it reconnects", async () => {
  await using server = await startServer()
  await using visitor = await visit(server, (page) => page.setViewportSize({ width: 375, height: 812 }))
  const { page, lists, context } = visitor
  const badge = (text: string) => page.locator("allim-bell .badge").getByText(text, { exact: true }).waitFor()
  await server.post(handIn())
  await badge("1")
  await context.setOffline(true)
  await page.locator("allim-bell .bell[data-state=offline]").waitFor()
  await server.post(handIn())
  await context.setOffline(false)
  await badge("2")
  expect(lists.asked).toBe(0)
  await page.locator("allim-bell .bell").click()
  await shows(page, 2)
})
