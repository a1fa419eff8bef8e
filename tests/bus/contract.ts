import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Bus, Message } from "../../src/bus/bus.ts"
import { until } from "../until.ts"

/** What every bus promises. `open` makes one that reports listeners' failures to `report`. */
export function busContract(name: string, open: (report: (error: unknown) => void) => Promise<Bus>) {
  describe(name, () => {
    let bus: Bus
    let failures: unknown[]
    beforeEach(async () => {
      failures = []
      bus = await open((error) => failures.push(error))
    })
    afterEach(() => bus.close())

    const message = (educator: number, id: number): Message => ({
      kind: "recorded",
      educator,
      notification: {
        id,
        educator,
        student: 7,
        source: "lms",
        eventId: `event-${id}`,
        type: "question.asked",
        occurredAt: "2026-11-22T05:30:00.000Z",
        readAt: null,
        data: { courseId: 3, text: "왜 하늘은 파란가요?" },
      },
    })
    const read: Message = {
      kind: "read",
      educator: 42,
      ids: [1, 2],
      all: false,
      readAt: "2026-11-22T05:30:00.000Z",
      unread: 0,
      origin: "socket-1",
    }

    test("a subscriber hears its educator's messages, whole and in order, and nobody else's", async () => {
      const heard: Message[] = []
      await bus.subscribe(42, (message) => heard.push(message))
      await bus.publish([message(42, 1), message(43, 2), message(42, 3)])
      await bus.publish([read])
      await until(() => heard.length === 3)
      expect(heard).toEqual([message(42, 1), message(42, 3), read])
    })

    test("several subscriptions of one educator are independent", async () => {
      const first: Message[] = []
      const second: Message[] = []
      const end = await bus.subscribe(42, (message) => first.push(message))
      await bus.subscribe(42, (message) => second.push(message))
      await end()
      await end()
      await bus.publish([message(42, 1)])
      await until(() => second.length === 1)
      expect(first).toEqual([])
    })

    test("a subscription that ended hears nothing more, and can be made again", async () => {
      const heard: Message[] = []
      const end = await bus.subscribe(42, (message) => heard.push(message))
      await end()
      await bus.publish([message(42, 1)])
      await bus.subscribe(42, (message) => heard.push(message))
      await bus.publish([message(42, 2)])
      await until(() => heard.length > 0)
      expect(heard).toEqual([message(42, 2)])
    })

    test("a listener that throws is reported and disturbs nobody", async () => {
      const heard: Message[] = []
      await bus.subscribe(42, () => {
        throw new Error("broken listener")
      })
      await bus.subscribe(42, (message) => heard.push(message))
      await bus.publish([message(42, 1)])
      await until(() => heard.length === 1 && failures.length === 1)
      expect(String(failures[0])).toContain("broken listener")
    })

    test("publishing to nobody is fine, and closing twice is too", async () => {
      await bus.publish([message(42, 1)])
      await bus.ping()
      await bus.close()
      await bus.close()
    })
  })
}
