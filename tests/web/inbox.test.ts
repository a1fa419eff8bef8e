// What a bell keeps when the server takes something back, whatever is under way: the connection and the lists are played by hand.
import { expect, spyOn, test } from "bun:test"
import type { WireNotification } from "../../src/wire.ts"
import type { Target } from "../../web/bell/api.ts"
import * as connections from "../../web/bell/connection.ts"
import { idOf } from "../../web/bell/entries.ts"
import { Inbox } from "../../web/bell/inbox.ts"
import { until } from "../until.ts"
import { notification } from "./notification.ts"

type Handlers = Parameters<typeof connections.connect>[1]
type List = { url: URL; answer(items: WireNotification[], next?: string): void }

const target: Target = { server: "http://allim.test", language: "ko", token: async () => "a token" }

/** An inbox that is connected and has its position. Each list that it asks for waits to be answered. */
function opened(watched: boolean) {
  const lists: List[] = []
  const reading = Promise.withResolvers<never>()
  let handlers: Handlers | undefined
  const connect = spyOn(connections, "connect").mockImplementation((_, given) => {
    handlers = given
    return { read: () => reading.promise, close() {} }
  })
  const fetched = spyOn(globalThis, "fetch").mockImplementation((async (url: string, { signal }: RequestInit) => {
    signal?.throwIfAborted()
    const { promise, resolve } = Promise.withResolvers<Response>()
    // An answer comes even when it is no longer wanted, as one does that was on its way.
    const answer: List["answer"] = (items, next) => resolve(Response.json({ items, next: next ?? null }))
    lists.push({ url: new URL(url), answer })
    return promise
  }) as typeof fetch)
  const inbox = new Inbox({ changed() {}, happened() {} })
  inbox.connect(target)
  if (!handlers) throw new Error("It did not connect")
  const socket = handlers
  if (watched) inbox.watch(true)
  socket.state({ state: "online" })
  socket.count(0)
  socket.positioned()

  return {
    inbox,
    socket,
    ids: () => inbox.entries.map(idOf),
    /** Waits for the next part of a list that is asked for: the unread ones, then those that were read. */
    async asked() {
      await until(() => lists.length > 0, "a list to be asked for")
      return lists.shift() as List
    },
    /** What is being marked as read is not acknowledged. */
    notAcknowledged: () => reading.reject(new Error("Nobody answers")),
    none: () => lists.length === 0,
    [Symbol.dispose]() {
      inbox.close()
      connect.mockRestore()
      fetched.mockRestore()
    },
  }
}

type Opened = ReturnType<typeof opened>

/** Answers both parts of a list. */
async function answer({ asked, inbox }: Opened, unread: WireNotification[]) {
  for (const items of [unread, []]) (await asked()).answer(items)
  await until(() => inbox.loading === null, "the list to be loaded")
}

const [first, second] = [notification(1), notification(2)]

test("what is withdrawn goes from the open list, and the count follows", async () => {
  using bell = opened(true)
  await answer(bell, [second, first])
  bell.socket.notification(notification(3))
  bell.socket.count(3)
  expect(bell.ids()).toEqual([3, 2, 1])

  bell.socket.refresh()
  bell.socket.count(2)
  await answer(bell, [second, first])
  expect(bell.ids()).toEqual([2, 1])
  expect(bell.inbox.unread).toBe(2)
})

test("a list that was asked for before does not bring it back, when it is answered last", async () => {
  using bell = opened(true)
  const old = await bell.asked()
  bell.socket.refresh()
  await answer(bell, [first])
  old.answer([second, first])
  await Bun.sleep(10)
  expect(bell.ids()).toEqual([1])
})

test("nor does it when it is answered first, or with its second part under way", async () => {
  using bell = opened(true)
  const old = await bell.asked()
  old.answer([second, first])
  const oldRest = await bell.asked()
  expect(oldRest.url.searchParams.get("unread")).toBe("false")
  bell.socket.refresh()
  oldRest.answer([])
  await Bun.sleep(10)
  expect(bell.ids()).toEqual([])
  await answer(bell, [first])
  expect(bell.ids()).toEqual([1])
})

test("nor does what was asked for by scrolling", async () => {
  using bell = opened(true)
  const page = Array.from({ length: 20 }, (_, index) => notification(30 - index))
  ;(await bell.asked()).answer(page, "on")
  await until(() => bell.inbox.hasMore, "a list that goes on")
  bell.inbox.more()
  const old = await bell.asked()
  expect(old.url.searchParams.get("cursor")).toBe("on")
  bell.socket.refresh()
  await answer(bell, page.slice(1))
  old.answer([second, first])
  await Bun.sleep(10)
  expect(bell.ids()).toEqual(page.slice(1).map((one) => one.알림_고유_아이디))
})

test("what arrives while the new list is under way stays", async () => {
  using bell = opened(true)
  await answer(bell, [second, first])
  bell.socket.refresh()
  bell.socket.notification(notification(3))
  await answer(bell, [first])
  expect(bell.ids()).toEqual([3, 1])
})

test("a list that was under way when the panel was closed does not count as loaded after that", async () => {
  using bell = opened(true)
  const old = await bell.asked()
  bell.inbox.watch(false)
  bell.socket.refresh()
  expect(bell.inbox.loading).toBeNull()
  old.answer([second, first])
  await Bun.sleep(10)
  expect(bell.none()).toBe(true)
  expect(bell.ids()).toEqual([])

  bell.inbox.watch(true)
  await answer(bell, [first])
  expect(bell.ids()).toEqual([1])
})

test("a panel that is opened after something was withdrawn never shows it", async () => {
  using bell = opened(false)
  bell.socket.notification(second)
  bell.socket.refresh()
  bell.inbox.watch(true)
  expect(bell.ids()).toEqual([])
  await answer(bell, [first])
  expect(bell.ids()).toEqual([1])
})

test("the count stays what the server said last, when marking as read fails after that", async () => {
  using bell = opened(true)
  await answer(bell, [notification(3), second, first])
  bell.socket.count(3)
  const reading = bell.inbox.read([3])
  expect(bell.inbox.unread).toBe(2)
  bell.socket.refresh()
  bell.socket.count(1)
  await answer(bell, [first])
  bell.notAcknowledged()
  await reading
  expect(bell.ids()).toEqual([1])
  expect(bell.inbox.unread).toBe(1)
})
