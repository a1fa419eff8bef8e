// The demo page in Chromium: everything it shows travels the public API.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { BrowserContextOptions, Page } from "playwright-core"
import { handIn, type Server, startServer } from "../server.ts"
import { until } from "../until.ts"
import { type Browser, launch, overflow, seriousViolations } from "./browser.ts"

const MATHS = 42
const SCIENCE = 43
const PHONE: BrowserContextOptions = { viewport: { width: 375, height: 812 }, hasTouch: true }

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

/** A visitor of the demo page whose bell is connected. */
async function visit(server: Server, options: BrowserContextOptions = {}, path = "/") {
  const visitor = await browser.open(server.url + path, options)
  await live(visitor.page)
  return visitor
}

const live = (page: Page) => page.locator("allim-bell [data-state=online]").first().waitFor()
const rows = (page: Page) => page.locator("allim-bell li")
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()
const badge = (page: Page) => page.locator("allim-bell .badge")
const shows = (page: Page, count: number) =>
  until(async () => (await rows(page).count()) === count, `${count} notifications in the list`)
const counts = (page: Page, text: string) =>
  until(async () => ((await badge(page).isVisible()) ? await badge(page).textContent() : "") === text, `badge ${text}`)

test("the first look says what will happen; a hand-in appears at once, and is there after a refresh", async () => {
  await using server = await startServer()
  await using visitor = await visit(server)
  const { page } = visitor
  await page.getByText("학생의 활동이 생기면 바로 여기에 나타납니다.").waitFor()

  await page.getByLabel("박도현").check()
  await press(page, "과제 제출")
  await shows(page, 1)
  await counts(page, "1")
  expect(await rows(page).innerText()).toContain("박도현 학생이")
  expect(await rows(page).innerText()).toContain("중1 수학")
  await page.getByText(/^도착 · [\d.]+ ms$/).waitFor()

  await page.reload()
  await shows(page, 1)
  await counts(page, "1")
  expect(visitor.errors).toEqual([])
})

test("what is read in one place shows as read in the other at once", async () => {
  await using server = await startServer()
  await using visitor = await visit(server)
  await using elsewhere = await visit(server)
  const [page, other] = [visitor.page, elsewhere.page]
  await server.post([handIn(), handIn(), handIn()])
  await shows(page, 3)
  await shows(other, 3)

  await rows(page).nth(1).locator(".open").click()
  await counts(other, "2")
  expect(await rows(other).nth(1).getAttribute("data-unread")).toBeNull()
  await press(page, "모두 읽음")
  await counts(other, "")
  await until(async () => (await other.locator("allim-bell [data-unread]").count()) === 0)
})

test("an event of a student whom two educators teach reaches both their pages, and no third", async () => {
  await using server = await startServer()
  await using maths = await visit(server)
  await using science = await visit(server, {}, `/?educator=${SCIENCE}`)
  const onlyMaths = 2
  const both = 5
  await server.post(handIn({ student: onlyMaths }))
  await server.post(handIn({ student: both }))
  await shows(maths.page, 2)
  await shows(science.page, 1)
})

test("the language switch changes the page, the bell and the notifications that are there", async () => {
  await using server = await startServer()
  await using visitor = await visit(server)
  const { page } = visitor
  await server.post(handIn())
  await shows(page, 1)
  await press(page, "English")
  await page.getByRole("heading", { name: "The moment a student acts, their educator knows." }).waitFor()
  await page.getByRole("dialog", { name: "Notifications" }).waitFor()
  await until(async () => (await rows(page).innerText()).includes("submitted “3장 과제”"))
  expect(await page.locator("html").getAttribute("lang")).toBe("en")
  expect(await rows(page).count()).toBe(1)
})

test("filters narrow the list, live ones too; unread ones can be had alone", async () => {
  await using server = await startServer()
  await using visitor = await visit(server)
  const { page } = visitor
  await server.post([handIn({ student: 1 }), handIn({ student: 2 }), handIn({ student: 2 })])
  await shows(page, 3)
  await page.getByLabel("학생", { exact: true }).last().selectOption({ label: "이서연" })
  await shows(page, 1)
  await server.post([handIn({ student: 2 }), handIn({ student: 1 })])
  await shows(page, 2)
  await counts(page, "5")
  await page.getByLabel("과목").selectOption({ label: "중1 수학" })
  await shows(page, 2)
  await rows(page).first().getByRole("button", { name: "읽음으로 표시" }).click()
  await counts(page, "4")
  await page.getByRole("button", { name: "안 읽음" }).click()
  await shows(page, 1)
})

test("a long history is listed to its end by scrolling, unread ones first", async () => {
  await using server = await startServer()
  await server.post(Array.from({ length: 50 }, () => handIn()))
  await using visitor = await visit(server)
  const { page } = visitor
  await shows(page, 20)
  await rows(page).last().locator(".open").click()
  await counts(page, "49")
  await page.reload()
  await live(page)
  await until(async () => {
    await rows(page).last().scrollIntoViewIfNeeded()
    return (await rows(page).count()) === 50
  })
  expect(await rows(page).last().getAttribute("data-unread")).toBeNull()
  expect(await page.locator("allim-bell [data-unread]").count()).toBe(49)
})

test("what happens while the connection is away is there once when it is back", async () => {
  await using server = await startServer()
  // The client does not heed the browser's going offline when it talks to `localhost` by that name.
  await using visitor = await browser.open(server.url.replace("localhost", "127.0.0.1"))
  const { page, context } = visitor
  await live(page)
  await server.post(handIn())
  await shows(page, 1)
  await context.setOffline(true)
  await page.getByText("다시 연결하는 중…").waitFor()
  await server.post([handIn(), handIn()])
  await context.setOffline(false)
  await live(page)
  await shows(page, 3)
  await counts(page, "3")
})

test("an access token that is not good is answered with a sentence, and a good one mends it", async () => {
  await using server = await startServer()
  await using visitor = await visit(server)
  const { page } = visitor
  await page.evaluate(() => document.querySelector("allim-bell")?.setAttribute("token", "nonsense"))
  await page.getByText("로그인 정보가 올바르지 않습니다. 다시 로그인해 주세요.").waitFor()
  const token = await server.tokenOf(MATHS)
  await page.evaluate((token) => document.querySelector("allim-bell")?.setAttribute("token", token), token)
  await live(page)
})

test("class is in session until it is stopped", async () => {
  await using server = await startServer()
  await using visitor = await visit(server)
  const { page } = visitor
  await press(page, "수업 시작")
  await page.getByText("수업 중", { exact: true }).waitFor()
  await until(async () => (await rows(page).count()) >= 2)
  await press(page, "수업 멈추기")
  await page.getByRole("button", { name: "수업 시작" }).waitFor()
})

test("the keyboard is enough: open, go through the list, read one, close", async () => {
  await using server = await startServer()
  await server.post([handIn(), handIn(), handIn()])
  await using visitor = await visit(server, PHONE)
  const { page } = visitor
  const focused = () =>
    page.evaluate(() => {
      const inside = document.querySelector("allim-bell")?.shadowRoot?.activeElement
      return inside?.closest("li") ? "notification" : (inside?.id ?? "") || inside?.className
    })
  await counts(page, "3")
  await page.locator("allim-bell .bell").focus()
  await page.keyboard.press("Enter")
  await shows(page, 3)
  expect(await focused()).toBe("panel")
  while ((await focused()) !== "notification") await page.keyboard.press("Tab")
  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("Enter")
  await counts(page, "2")
  expect(await rows(page).nth(1).getAttribute("data-unread")).toBeNull()
  await page.keyboard.press("Escape")
  await page.locator("allim-bell #panel").waitFor({ state: "hidden" })
  expect(await focused()).toBe("bell")
})

test("a new notification is said aloud once", async () => {
  await using server = await startServer()
  await using visitor = await visit(server)
  await server.post([handIn(), handIn()])
  const region = visitor.page.locator("allim-bell [aria-live=polite]")
  await until(async () => /^새 알림 2개\. 김민수 학생이/.test((await region.textContent()) ?? ""))
})

test.each([
  ["light", "ko-KR"],
  ["dark", "en-US"],
] as const)(
  "%s, %s: axe finds nothing serious and nothing overflows, on a desk or a phone",
  async (colorScheme, locale) => {
    await using server = await startServer()
    await server.post([handIn(), handIn({ type: "robot.built" })])
    for (const size of [{}, PHONE]) {
      await using visitor = await visit(server, { colorScheme, locale, reducedMotion: "reduce", ...size })
      const { page } = visitor
      const panel = page.locator("allim-bell #panel")
      expect(await overflow(page)).toBe(0)
      expect(await seriousViolations(page)).toEqual([])
      if (await panel.isHidden()) await page.locator("allim-bell .bell").click()
      await shows(page, 2)
      expect(await seriousViolations(page)).toEqual([])
      expect(await overflow(page)).toBe(0)
      expect(visitor.errors).toEqual([])
    }
  },
)
