// What the READMEs show is what works: their pages, taken from the text, on an origin of their own.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { handIn, startServer } from "../server.ts"
import { until } from "../until.ts"
import { type Browser, launch } from "./browser.ts"

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

test.each(["README.md", "README.ko.md"])("%s: ten lines with the stock client, and two with the bell", async (name) => {
  const text = await Bun.file(`${import.meta.dir}/../../${name}`).text()
  const [listening = "", bell = "", ...others] = [...text.matchAll(/```html\n([\s\S]*?)```/g)].map(([, page]) => page)
  expect([listening.trim().split("\n").length, bell.trim().split("\n").length, others.length]).toEqual([10, 2, 0])

  let body = ""
  await using site = {
    server: Bun.serve({
      port: 0,
      fetch: () => new Response(body, { headers: { "Content-Type": "text/html; charset=utf-8" } }),
    }),
    [Symbol.asyncDispose]: () => site.server.stop(true),
  }
  const origin = `http://localhost:${site.server.port}`
  await using server = await startServer({ ALLOWED_ORIGINS: origin })
  const token = await server.tokenOf(42)

  body = listening.replaceAll("http://localhost:3000", server.url)
  await using listener = await browser.open(`${origin}/?token=${token}`)
  body = bell.replaceAll("http://localhost:3000", server.url).replace("…", token)
  await using ringer = await browser.open(origin)
  await ringer.page.locator("allim-bell [data-state=online]").first().waitFor()
  await until(() => listener.page.evaluate("socket.connected"))
  await server.post(handIn())
  await until(async () => (await listener.page.locator("li").count()) === 1)
  expect(await listener.page.locator("li").textContent()).toContain("김민수 학생이 ‘3장 과제’를 제출했습니다.")
  await until(async () => (await ringer.page.locator("allim-bell .badge").textContent()) === "1")
})
