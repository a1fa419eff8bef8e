// The demo page in Chromium: everything it shows travels the public API.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { BrowserContextOptions, Page } from "playwright-core"
import { handIn, type Server, startServer } from "../server.ts"
import { until } from "../until.ts"
import { type Browser, launch, overflow, seriousViolations } from "./browser.ts"

const MATHS = 42
const SCIENCE = 43
const ENGLISH = 44
const HOMEROOM = 45
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 780 }, hasTouch: true }

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

/** A visitor of the demo page whose bell is connected, and so are those of the chosen student's teachers. */
async function visit(server: Server, options: BrowserContextOptions = {}, path = "/") {
  const visitor = await browser.open(server.url + path, options)
  await live(visitor.page)
  await until(async () => (await visitor.page.locator(".teacher:not([data-online])").count()) === 0, "every small bell")
  return visitor
}

const live = (page: Page) => page.locator("allim-bell [data-state=online]").first().waitFor()
const rows = (page: Page) => page.locator("allim-bell li")
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()
const teacher = (page: Page, educator: number) => page.locator(`.teacher[data-educator="${educator}"]`)
/** Those of the row whose bells rang for the newest event, and why. */
const told = (page: Page, expected: Record<number, string>) =>
  until(
    async () => {
      const tiles = await page.locator(".teacher[data-told]").all()
      const pairs = tiles.map(async (tile) => [
        await tile.getAttribute("data-educator"),
        await tile.locator(".why").textContent(),
      ])
      return Bun.deepEquals(Object.fromEntries(await Promise.all(pairs)), expected)
    },
    `the bells of ${Object.keys(expected)}`,
  )
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

test("a hand-in in mathematics rings for its teacher and the homeroom teacher, and for no other teacher of that student", async () => {
  await using server = await startServer()
  await using maths = await visit(server)
  await using english = await visit(server, {}, `/?educator=${ENGLISH}`)
  await using homeroom = await visit(server, {}, `/?educator=${HOMEROOM}`)
  const { page } = maths
  await page.getByLabel("최지우").check()
  expect(await page.locator(".teacher b").allTextContents()).toEqual(["이수진", "Grace Kim", "한지민"])

  await press(page, "과제 제출")
  await told(page, { [MATHS]: "이 과목의 교사라서", [HOMEROOM]: "담임이라서" })
  await shows(maths.page, 1)
  await shows(homeroom.page, 1)

  await press(page, "중1 영어")
  await press(page, "퀴즈 제출")
  await told(page, { [ENGLISH]: "이 반의 과목 교사라서", [HOMEROOM]: "담임이라서" })
  await shows(homeroom.page, 2)
  expect(await rows(homeroom.page).first().innerText()).toContain("담임 학생")
  await shows(english.page, 1)
  expect(await rows(english.page).innerText()).toContain("중1 영어")
  expect(await rows(maths.page).count()).toBe(1)
  expect(await rows(maths.page).innerText()).not.toContain("담임 학생")
  expect(maths.errors).toEqual([])
})

test("each small bell counts what its own educator has not read, and chosen, it shows that educator's screen", async () => {
  await using server = await startServer()
  await using visitor = await visit(server)
  const { page } = visitor
  const unread = async (educator: number) =>
    ((await (await server.get("/notifications/count", educator)).json()) as { 안읽은_수: number }).안읽은_수
  await page.getByLabel("김민수").check()
  await press(page, "중1 과학")
  await press(page, "질문하기")
  await told(page, { [SCIENCE]: "이 과목의 교사라서" })
  await press(page, "지각")
  await until(async () => (await teacher(page, SCIENCE).locator(".count").textContent()) === "2")
  expect(await Promise.all([MATHS, SCIENCE, ENGLISH].map(unread))).toEqual([0, 2, 0])
  await shows(page, 0)

  await teacher(page, SCIENCE).focus()
  await page.keyboard.press("Enter")
  await page.getByText("박준형 선생님").waitFor()
  await shows(page, 2)
  expect(await page.getByRole("radio", { name: "김민수" }).isChecked()).toBe(true)
  await press(page, "모두 읽음")
  await teacher(page, SCIENCE).locator(".count").waitFor({ state: "hidden" })
  expect(visitor.errors).toEqual([])
})

test("what happens stays in a course of the educator on screen until another is chosen", async () => {
  await using server = await startServer()
  await using visitor = await visit(server, {}, `/?educator=${SCIENCE}`)
  const { page } = visitor
  const course = () => page.locator(".does [aria-pressed=true]").textContent()
  await page.getByLabel("김민수").check()
  expect(await course()).toBe("중1 과학")
  await press(page, "중1 영어")
  await page.getByLabel("조유나").check()
  expect(await course()).toBe("중1 과학")
  await page.getByLabel("교육자", { exact: true }).selectOption(String(MATHS))
  expect(await course()).toBe("중1 수학")
  expect(await page.getByLabel("조유나").isChecked()).toBe(true)
})

test("a bell that rings swings, unless the visitor would rather have no motion", async () => {
  await using server = await startServer()
  for (const [reducedMotion, animation] of [
    ["no-preference", "ring"],
    ["reduce", "none"],
  ] as const) {
    await using visitor = await visit(server, { reducedMotion })
    const { page } = visitor
    await press(page, "과제 제출")
    const swinging = teacher(page, MATHS).locator("[data-rings] .icon")
    expect(await swinging.evaluate((element) => getComputedStyle(element).animationName)).toBe(animation)
  }
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
    for (const [size, listed] of [
      [{}, 3],
      [PHONE, 4],
    ] as const) {
      await using visitor = await visit(server, { colorScheme, locale, reducedMotion: "reduce", ...size })
      const { page } = visitor
      const panel = page.locator("allim-bell #panel")
      expect(await overflow(page)).toBe(0)
      expect(await seriousViolations(page)).toEqual([])
      await page.locator(".activities button").first().click()
      await page.locator(".teacher[data-told]").first().waitFor()
      expect(await seriousViolations(page)).toEqual([])
      expect(await overflow(page)).toBe(0)
      if (await panel.isHidden()) await page.locator("allim-bell .bell").click()
      await shows(page, listed)
      expect(await seriousViolations(page)).toEqual([])
      expect(await overflow(page)).toBe(0)
      expect(visitor.errors).toEqual([])
    }
  },
)
