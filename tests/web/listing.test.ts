// When the bell lists: again by itself when it was not answered.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Page, Route } from "playwright-core"
import { handIn, type Server, startServer } from "../server.ts"
import { until } from "../until.ts"
import { type Browser, launch } from "./browser.ts"

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

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
