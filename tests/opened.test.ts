import { expect, test } from "bun:test"
import { type Opened, openAll } from "../src/opened.ts"
import { fakeClock } from "./fake-clock.ts"

/** Opens what is named, and tells what was closed and what failed. */
async function opening(open: (opened: Opened, closes: (name: string) => () => void) => void) {
  const clock = fakeClock()
  const closed: string[] = []
  const failed: Error[] = []
  const opened = await openAll(
    async (opened) => {
      open(opened, (name) => () => void closed.push(name))
      return opened
    },
    { clock, failed: (error) => failed.push(error) },
  )
  return { opened, clock, closed, failed }
}

test("all is closed in reverse order, each after the one before, and once", async () => {
  const last = Promise.withResolvers<void>()
  const { opened, closed, clock, failed } = await opening((opened, closes) => {
    opened.defer("first", closes("first"))
    opened.defer("second", closes("second"))
    opened.defer("last", () => last.promise)
  })
  const closing = [opened.close(), opened.close()]
  await clock.settle()
  expect(closed).toEqual([])
  last.resolve()
  await Promise.all(closing)
  expect([closed, failed, clock.waiting()]).toEqual([["second", "first"], [], 0])
})

test("one that throws keeps no other open, whether at once or later, and is told of by its name", async () => {
  const cause = new Error("disk I/O error")
  const { opened, closed, failed } = await opening((opened, closes) => {
    opened.defer("file", closes("file"))
    opened.defer("bus", () => Promise.reject(cause))
    opened.defer("timer", closes("timer"))
    opened.defer("history", () => {
      throw cause
    })
    opened.defer("server", closes("server"))
  })
  expect(opened.close()).rejects.toMatchObject({ errors: [{ cause }, { cause }] })
  await opened.close().catch(() => {})
  expect(closed).toEqual(["server", "timer", "file"])
  expect(failed.map(({ message, cause }) => [message, cause])).toEqual([
    ["history could not be closed", cause],
    ["bus could not be closed", cause],
  ])
})

test("one that never ends has 2 s, or its own time, and then the next has its turn", async () => {
  const never = () => new Promise<void>(() => {})
  const { opened, closed, clock, failed } = await opening((opened, closes) => {
    opened.defer("file", closes("file"))
    opened.defer("bus", never)
    opened.defer("timer", closes("timer"))
    opened.defer("sockets", never, 6_000)
  })
  const closing = opened.close().catch((error: AggregateError) => error)
  await clock.pass(5_999)
  expect(closed).toEqual([])
  await clock.pass(1)
  expect(closed).toEqual(["timer"])
  await clock.pass(1_999)
  expect(closed).toEqual(["timer"])
  await clock.pass(1)
  expect(await closing).toBeInstanceOf(AggregateError)
  expect(closed).toEqual(["timer", "file"])
  expect(failed.map(({ message }) => message)).toEqual([
    "sockets did not close within 6000 ms",
    "bus did not close within 2000 ms",
  ])
})

test("when one cannot be opened, those before it are closed, and why it could not is told, whatever closing meets", async () => {
  const closed: string[] = []
  const failed: Error[] = []
  const opening = openAll(
    async (opened) => {
      opened.defer("first", () => void closed.push("first"))
      opened.defer("second", () => Promise.reject(new Error("closing")))
      throw new Error("opening")
    },
    { failed: (error) => failed.push(error) },
  )
  expect(opening).rejects.toThrow("opening")
  await opening.catch(() => {})
  expect(closed).toEqual(["first"])
  expect(failed).toHaveLength(1)
})
