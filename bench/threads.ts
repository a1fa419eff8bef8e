// What a call into a thread costs, and another thread, on each runtime. Run by `npm run bench`.
import { openThread, startAt } from "../src/threads/thread.ts"
import type { TestMethods } from "../tests/threads/entry.ts"
import { sampleNotification } from "./sample.ts"

const ROUNDS = 20_000
const THREADS = 4

const start = startAt(new URL("../tests/threads/entry.ts", import.meta.url))
const open = () => openThread<TestMethods>({}, { start })
const page = Array.from({ length: 100 }, (_, index) => sampleNotification(index))

/** Microseconds for each of so many. */
async function each(count: number, run: () => Promise<unknown>) {
  const begun = performance.now()
  await run()
  return `${((1000 * (performance.now() - begun)) / count).toFixed(1)} µs`
}

async function measure() {
  const thread = open()
  const oneByOne = async (count: number, value: unknown) => {
    for (let round = 0; round < count; round++) await thread.call("echo", value)
  }
  const together = () => Promise.all(Array.from({ length: 1_000 }, (_, index) => thread.call("echo", index)))

  const begun = performance.now()
  await thread.call("echo", 1)
  console.log(`  first answer: ${(performance.now() - begun).toFixed(0)} ms`)
  await oneByOne(ROUNDS, 1)
  console.log(`  round trip: ${await each(ROUNDS, () => oneByOne(ROUNDS, 1))}`)
  console.log(`  with 100 notifications both ways: ${await each(1_000, () => oneByOne(1_000, page))}`)
  const text = JSON.stringify(page)
  console.log(`  with them as JSON: ${await each(1_000, () => oneByOne(1_000, text))}`)
  await together()
  console.log(`  each of 1,000 at once: ${await each(1_000, together)}`)

  const before = process.memoryUsage().rss
  const more = Array.from({ length: THREADS }, open)
  await Promise.all(more.map((one) => one.call("echo", 1)))
  console.log(`  another thread: ${((process.memoryUsage().rss - before) / THREADS / 2 ** 20).toFixed(1)} MiB`)
  await Promise.all([thread, ...more].map(({ close }) => close()))
}

/** In a process on each runtime that is there. */
async function onEachRuntime() {
  const { runtimes } = await import("../tests/installed-runtimes.ts")
  for (const [name, command] of runtimes.filter(([, , there]) => there)) {
    console.log(name)
    await Bun.spawn([...command, import.meta.filename, "here"], { stdout: "inherit" }).exited
  }
}

await (process.argv[2] === "here" ? measure() : onEachRuntime())
