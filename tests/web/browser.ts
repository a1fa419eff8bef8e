import axe, { type Result } from "axe-core"
import { type BrowserContextOptions, chromium, type Page } from "playwright-core"

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

export type Browser = Awaited<ReturnType<typeof launch>>

/** The machine's own Chromium, without a window. */
export async function launch() {
  const executablePath = NAMES.map((name) => Bun.which(name)).find((path) => path !== null)
  if (!executablePath)
    throw new Error(`These tests need Chromium on the PATH, under one of the names ${NAMES.join(", ")}`)
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  })
  return {
    /** A page of its own context, as another person's browser has it. What goes wrong inside is in `errors`. */
    async open(url: string, options: BrowserContextOptions = {}) {
      const context = await browser.newContext({ locale: "ko-KR", viewport: { width: 1440, height: 900 }, ...options })
      context.setDefaultTimeout(10_000)
      const page = await context.newPage()
      const errors: string[] = []
      page.on("pageerror", ({ message }) => errors.push(message))
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()))
      await page.goto(url)
      return { page, errors, context, [Symbol.asyncDispose]: () => context.close() }
    },
    close: () => browser.close(),
  }
}

/** What axe finds wrong and calls serious or critical, in a line each. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const violations: Result[] = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Result[] }> } }
    return (await axe.run()).violations
  })
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)
}

/** How far the page reaches beyond its window, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
