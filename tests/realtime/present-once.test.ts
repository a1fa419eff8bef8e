import { expect, test } from "bun:test"
import { presentOnce } from "../../realtime/present-once.ts"
import type { Notification } from "../../src/notification.ts"
import { plainly } from "./rig.ts"

const notification = (id: number) => ({ id, data: {} }) as Notification

test("what could not be put into words is asked for again, and what could is not", async () => {
  const asked: number[][] = []
  const words = presentOnce(async (notifications, language) => {
    asked.push(notifications.map(({ id }) => id))
    if (asked.length === 1) throw new Error("gone")
    return plainly(notifications, language)
  })
  const [first, second] = [notification(1), notification(2)]
  await expect(words([first], "ko")).rejects.toThrow("gone")
  expect((await words([first], "ko")).get(first)?.알림_고유_아이디).toBe(1)
  const both = await words([first, second], "ko")
  expect([first, second].map((one) => both.get(one)?.알림_고유_아이디)).toEqual([1, 2])
  expect(asked).toEqual([[1], [1], [2]])
})
