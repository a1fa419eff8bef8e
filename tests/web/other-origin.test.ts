// Pages of an LMS, from an origin of their own: the bell in two lines, and the stock client in ten.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { handIn, startServer } from "../server.ts"
import { until } from "../until.ts"
import { type Browser, launch } from "./browser.ts"

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

/** An LMS's own server: one page, whatever the path. */
function lms() {
  let body = ""
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response(body, { headers: { "Content-Type": "text/html; charset=utf-8" } }),
  })
  return {
    url: server.url.origin,
    show(page: string) {
      body = page
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}

test("two lines with the bell", async () => {
  await using site = lms()
  await using server = await startServer({ ALLOWED_ORIGINS: site.url })
  // The page's own script listens before there is a bell that could dispatch anything.
  site.show(`<!doctype html><title>LMS</title>
    <script>
      const heard = []
      for (const name of ["allim-notification", "allim-count", "allim-read", "allim-open"])
        document.addEventListener(name, ({ detail }) => heard.push(name === "allim-count" ? name + " " + detail.unread : name))
    </script>
    <script src="${server.url}/bell.js"></script>
    <allim-bell token="${await server.tokenOf(42)}" language="en"></allim-bell>`)
  await using visitor = await browser.open(site.url)
  const bell = visitor.page.locator("allim-bell")
  const heard = async () => [...new Set((await visitor.page.evaluate("heard")) as string[])]
  const hears = (name: string) => until(async () => (await heard()).includes(name), name)
  await hears("allim-count 0")
  await server.post(handIn())
  await hears("allim-count 1")
  await bell.getByRole("button", { name: "Notifications, 1 unread" }).click()
  await bell
    .getByRole("button", { name: /김민수 submitted/ })
    .first()
    .click()
  // The badge goes at once, the event comes when the server agrees.
  await bell.locator(".badge").waitFor({ state: "hidden" })
  await hears("allim-read")
  expect(await heard()).toEqual(["allim-count 0", "allim-notification", "allim-count 1", "allim-open", "allim-read"])
})

test("a token that is a function is asked again when the one it gave is no longer good", async () => {
  await using site = lms()
  await using server = await startServer({ ALLOWED_ORIGINS: site.url })
  await server.post(handIn())
  site.show(`<!doctype html><title>LMS</title>
    <script src="${server.url}/bell.js"></script>
    <allim-bell language="en"></allim-bell>
    <script>
      const tokens = ["${await server.tokenOf(42, -3600)}", "${await server.tokenOf(42)}"]
      document.querySelector("allim-bell").token = async () => tokens.length > 1 ? tokens.shift() : tokens[0]
    </script>`)
  await using visitor = await browser.open(site.url)
  await until(async () => (await visitor.page.locator("allim-bell .badge").textContent()) === "1")
})

test("a page may open notifications itself, and then they stay unread", async () => {
  await using site = lms()
  await using server = await startServer({ ALLOWED_ORIGINS: site.url })
  await server.post(handIn())
  site.show(`<!doctype html><title>LMS</title>
    <script src="${server.url}/bell.js"></script>
    <allim-bell token="${await server.tokenOf(42)}" language="en" open></allim-bell>
    <script>
      document.addEventListener("allim-open", (event) => {
        event.preventDefault()
        document.title = event.detail.유형
      })
    </script>`)
  await using visitor = await browser.open(site.url)
  const bell = visitor.page.locator("allim-bell")
  await bell.getByRole("button", { name: /^김민수 submitted/ }).click()
  await until(async () => (await visitor.page.title()) === "assignment.submitted")
  expect(await bell.locator("[data-unread]").count()).toBe(1)
})

test("a page whose origin is not allowed hears nothing", async () => {
  await using site = lms()
  await using server = await startServer()
  site.show(`<!doctype html><title>LMS</title>
    <script src="${server.url}/bell.js"></script>
    <allim-bell token="${await server.tokenOf(42)}" language="en"></allim-bell>`)
  await using visitor = await browser.open(site.url)
  const bell = visitor.page.locator("allim-bell")
  await bell.locator(".bell[data-state=offline]").waitFor()
  await bell.locator(".bell").click()
  await visitor.page.getByText("Notifications could not be loaded.").waitFor()
})

/** What a monitoring agent does to a page's requests. */
const AGENT = `<script>
  const { open } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.open = function (...asked) {
    open.apply(this, asked)
    this.setRequestHeader("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
  }
  const ask = fetch
  window.fetch = (url, { headers, ...init } = {}) => ask(url, { ...init, headers: { ...headers, "x-trace": "1" } })
</script>`

test.each([
  ["the stock client with headers of its own", "", `extraHeaders: { "x-client-version": "3.1" }`],
  ["the stock client beside a monitoring agent", AGENT, ""],
])("a page whose requests have more headers hears, too: %s", async (_, agent, options) => {
  await using site = lms()
  await using server = await startServer({ ALLOWED_ORIGINS: site.url })
  site.show(`<!doctype html><title>LMS</title>${agent}
    <script src="${server.url}/socket.io/socket.io.js"></script>
    <script>
      const socket = io("${server.url}/알림", { auth: { token: "${await server.tokenOf(42)}" }, transports: ["polling"], ${options} })
      socket.on("count_알림", ({ 안읽은_수 }) => document.title = 안읽은_수)
    </script>`)
  await using visitor = await browser.open(site.url)
  await until(async () => (await visitor.page.title()) === "0")
  await server.post(handIn())
  await until(async () => (await visitor.page.title()) === "1")
  expect(visitor.errors).toEqual([])
})

test("a bell beside a monitoring agent connects, lists and marks", async () => {
  await using site = lms()
  await using server = await startServer({ ALLOWED_ORIGINS: site.url })
  await server.post(handIn())
  site.show(`<!doctype html><title>LMS</title>${AGENT}
    <script src="${server.url}/bell.js"></script>
    <allim-bell token="${await server.tokenOf(42)}" language="en"></allim-bell>`)
  await using visitor = await browser.open(site.url)
  const bell = visitor.page.locator("allim-bell")
  await bell.getByRole("button", { name: "Notifications, 1 unread" }).click()
  await server.post(handIn())
  await bell.getByRole("button", { name: "Notifications, 2 unread" }).waitFor()
  expect(visitor.errors).toEqual([])
})

test.each([
  ["websocket only", `["websocket"]`, ["websocket"]],
  ["polling only", `["polling"]`, ["polling"]],
  ["polling, then upgraded", `["polling", "websocket"]`, ["polling", "websocket"]],
])("ten lines with the stock client: %s", async (_, transports, expected) => {
  await using site = lms()
  await using server = await startServer({ ALLOWED_ORIGINS: site.url })
  site.show(`<!doctype html>
<title>LMS</title>
<script src="${server.url}/socket.io/socket.io.js"></script>
<ul id="list"></ul>
<script>
  const socket = io("${server.url}/알림", { auth: { token: "${await server.tokenOf(42)}" }, transports: ${transports} })
  const add = (text) => list.appendChild(document.createElement("li")).textContent = text
  socket.on("get_알림", (notification) => add(notification.본문))
  socket.on("count_알림", ({ 안읽은_수 }) => document.title = 안읽은_수)
</script>`)
  await using visitor = await browser.open(site.url)
  const { page } = visitor
  await until(async () => (await page.title()) === "0")
  const transport = () => page.evaluate("socket.io.engine.transport.name") as Promise<string>
  await until(async () => (await transport()) === expected.at(-1))
  await server.post(handIn())
  await until(async () => (await page.title()) === "1")
  expect(await page.locator("li").allTextContents()).toEqual(["김민수 학생이 ‘3장 과제’를 제출했습니다."])
})
