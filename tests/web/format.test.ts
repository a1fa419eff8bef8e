import { expect, test } from "bun:test"
import { badge, relativeTime } from "../../web/bell/format.ts"
import { refusal, spoken } from "../../web/bell/texts.ts"

const now = Date.parse("2026-11-22T12:00:00Z")
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString()

test.each([
  [-30, "방금", "now"],
  [59, "방금", "now"],
  [60, "1분 전", "1 min. ago"],
  [2 * 3600 + 5, "2시간 전", "2 hr. ago"],
  [86_400, "어제", "yesterday"],
  [3 * 86_400, "3일 전", "3 days ago"],
  [8 * 86_400, "2026. 11. 14.", "Nov 14, 2026"],
])("%d seconds ago is told as %s, %s", (seconds, ko, en) => {
  expect(relativeTime(ago(seconds), "ko", now)).toBe(ko)
  expect(relativeTime(ago(seconds), "en", now)).toBe(en)
})

test("a badge has at most three signs", () => {
  expect([1, 99, 100, 5000].map(badge)).toEqual(["1", "99", "99+", "99+"])
})

test("the first language tag that is spoken counts", () => {
  expect(spoken(null, "ko-KR", "en")).toBe("ko")
  expect(spoken("fr", undefined, "EN-us")).toBe("en")
  expect(spoken("fr")).toBe("en")
})

test("a refusal nobody foresaw has a sentence, too", () => {
  expect(refusal("en", "token_expired")).toContain("expired")
  expect(refusal("ko", "something_new")).toBe(refusal("ko"))
})
