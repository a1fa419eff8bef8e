import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Announced, Bus, Message } from "../../src/bus/bus.ts"
import type { Posted } from "../../src/history/notices.ts"
import { until } from "../until.ts"

/** What every bus promises. `open` makes one more process's on the same broker; it reports receivers' failures to `report`. */
export function busContract(name: string, open: (report: (error: unknown) => void) => Promise<Bus>) {
  describe(name, () => {
    let bus: Bus
    let heard: Message[]
    let announcements: Announced[]
    let failures: unknown[]
    beforeEach(async () => {
      failures = []
      heard = []
      announcements = []
      bus = await open((error) => failures.push(error))
      bus.deliver({
        message: (message) => void heard.push(message),
        notice: (announced) => void announcements.push(announced),
        doubt() {},
      })
    })
    afterEach(() => bus.close())

    const message = (educator: number, id: number): Message => ({
      kind: "recorded",
      educator,
      store: "x7Kp2",
      known: id,
      notification: {
        id,
        position: id,
        educator,
        student: 7,
        source: "lms",
        eventId: `event-${id}`,
        type: "question.asked",
        occurredAt: "2026-11-22T05:30:00.000Z",
        reason: "course",
        readAt: null,
        data: { courseId: 3, text: "왜 하늘은 파란가요?" },
      },
    })
    const read: Message = {
      kind: "read",
      store: "x7Kp2",
      educator: 42,
      ids: [1, 2],
      all: false,
      readAt: "2026-11-22T05:30:00.000Z",
      unread: 0,
      origin: "socket-1",
    }

    test("hands over the messages of educators that are followed, whole and in order, and nobody else's", async () => {
      await Promise.all([bus.follow(42), bus.follow(44)])
      await bus.publish([message(42, 1), message(43, 2), message(42, 3), message(44, 4)])
      await bus.publish([read])
      await until(() => heard.length === 4)
      expect(heard.filter(({ educator }) => educator === 42)).toEqual([message(42, 1), message(42, 3), read])
      expect(heard.filter(({ educator }) => educator === 44)).toEqual([message(44, 4)])
    })

    test("once, however often an educator is followed", async () => {
      await bus.follow(42)
      await bus.follow(42)
      await bus.publish([message(42, 1), message(42, 2)])
      await until(() => heard.length >= 2)
      expect(heard).toEqual([message(42, 1), message(42, 2)])
    })

    test("leaving and coming back do not cross: the last call counts", async () => {
      await bus.follow(43)
      for (let round = 0; round < 20; round++) {
        bus.unfollow(42)
        const followed = bus.follow(42)
        if (round % 2) await followed
      }
      await bus.follow(42)
      await bus.publish([message(42, 1)])
      await until(() => heard.length === 1)

      bus.follow(42)
      bus.unfollow(42)
      await bus.follow(44)
      await bus.publish([message(42, 2), message(44, 3)])
      await until(() => heard.length >= 2)
      expect(heard).toEqual([message(42, 1), message(44, 3)])
    })

    test("tells every process of every notice, also its own, whomever it follows", async () => {
      const notice: Posted = { kind: "withdrawn", source: "lms", eventId: "제출 1", educators: [42, 43], position: 7 }
      await bus.announce({ store: "x7Kp2", known: 8, notice })
      await until(() => announcements.length === 1)
      expect(announcements).toEqual([{ store: "x7Kp2", known: 8, notice }])
      expect(heard).toEqual([])
    })

    test("publishing to nobody is fine, it does not doubt without cause, and closing twice is safe", async () => {
      await bus.publish([message(42, 1)])
      await bus.ping()
      expect(bus.doubtful).toBe(false)
      await bus.close()
      await bus.close()
    })
  })
}
