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
  const handInOf = (assignmentId: number) => handIn({ data: { assignmentId } })
  await server.post([handInOf(901), handInOf(902)])

  body = listening.replaceAll("http://localhost:3000", server.url)
  await using listener = await browser.open("about:blank")
  const list = Promise.withResolvers<void>()
  await listener.page.route("**/notifications*", (route) => list.promise.then(() => route.continue()))
  const listing = listener.page.waitForRequest("**/notifications*")
  await listener.page.goto(`${origin}/?token=${token}`)
  const assignments = async () =>
    (await listener.page.locator("li").allTextContents()).map((text) => Number(/과제 (\d+)/.exec(text)?.[1]))
  const lists = (expected: number[]) =>
    until(async () => Bun.deepEquals(await assignments(), expected), `the list to be ${expected}`)
  body = bell.replaceAll("http://localhost:3000", server.url).replace("…", token)
  await using ringer = await browser.open(origin)
  await ringer.page.locator("allim-bell [data-state=online]").first().waitFor()
  // One that is both listed, since the list takes its time, and given live.
  await listing
  const taken = handInOf(903)
  await server.post(taken)
  await lists([903])
  list.resolve()
  await lists([903, 902, 901])
  await server.post(handInOf(904))
  await lists([904, 903, 902, 901])
  await until(async () => (await ringer.page.locator("allim-bell .badge").textContent()) === "4")
  // Taken back: it goes from a page that had it, and stays in no count.
  expect((await server.withdraw(taken.id)).status).toBe(204)
  await lists([904, 902, 901])
  await until(async () => (await ringer.page.locator("allim-bell .badge").textContent()) === "3")
  expect(listener.errors).toEqual([])
})
