import { describe, expect, test } from "bun:test"
import type { WireNotification } from "../../src/wire.ts"
import { onEachRuntime } from "../on-each-runtime.ts"
import { handIn } from "../server.ts"

type Page = { items: WireNotification[]; next: string | null; code?: string; filterable?: string[] }

let educator = 3000
onEachRuntime({ FILTERABLE: "room,openedAt:date" }, (server) => {
  /** An educator of their own, told of these. */
  async function told(...events: Record<string, unknown>[]) {
    educator += 1
    const posted = await server.post(events.map((event) => handIn({ educators: [educator], ...event })))
    expect(await posted.json()).toMatchObject({ accepted: events.length })
    return educator
  }

  async function list(of: number, query = "", headers?: Record<string, string>) {
    const response = await server.get(`/notifications${query}`, of, headers)
    return { status: response.status, ...((await response.json()) as Page) }
  }

  const marks = ({ items }: Page) => items.map(({ 상세 }) => 상세.mark)
  const data = (more: Record<string, unknown>) => ({ data: { assignmentId: 9, courseId: 3, ...more } })

  describe("pages", () => {
    test("come newest first, and stay as they are while new notifications arrive", async () => {
      const of = await told(...[1, 2, 3, 4, 5].map((mark) => data({ mark })))
      const first = await list(of, "?limit=2")
      await server.post(handIn({ educators: [of], ...data({ mark: 6 }) }))
      const second = await list(of, `?limit=2&cursor=${first.next}`)
      const third = await list(of, `?limit=2&cursor=${second.next}`)
      expect([first, second, third].map(marks)).toEqual([[5, 4], [3, 2], [1]])
      expect(third.next).toBeNull()
      expect(marks(await list(of))).toEqual([6, 5, 4, 3, 2, 1])
    })

    test("are the same as what the socket sends, in the language asked for", async () => {
      const of = await told(data({}))
      const [korean, english, byQuery] = await Promise.all([
        list(of),
        list(of, "", { "Accept-Language": "en-US,en;q=0.9" }),
        list(of, "?content-language=en"),
      ])
      expect(korean.items[0]).toMatchObject({
        제목: "과제 제출",
        학생_유저이름: "김민수",
        상세: { course: { name: "중1 수학" } },
      })
      expect([english.items[0]?.제목, byQuery.items[0]?.제목]).toEqual(["Assignment submitted", "Assignment submitted"])
    })

    test("belong to one educator", async () => {
      const of = await told(data({}))
      expect((await list(of + 100_000)).items).toEqual([])
      expect((await fetch(`${server.url}/notifications`)).status).toBe(401)
    })
  })

  describe("filters", () => {
    test("by type, student and unread", async () => {
      const of = await told(
        data({ mark: "a" }),
        { student: 8, ...data({ mark: "b" }) },
        { type: "question.asked", data: { courseId: 3, question: "?", mark: "c" } },
      )
      expect(marks(await list(of, "?type=assignment.submitted"))).toEqual(["b", "a"])
      expect(marks(await list(of, "?student=8"))).toEqual(["b"])
      const [, , oldest] = (await list(of)).items
      await fetch(`${server.url}/notifications/read`, {
        method: "POST",
        headers: { Authorization: `Bearer ${await server.tokenOf(of)}`, "Content-Type": "application/json" },
        body: JSON.stringify({ 알림_고유_아이디: [oldest?.알림_고유_아이디] }),
      })
      expect(marks(await list(of, "?unread=true"))).toEqual(["c", "b"])
      expect(marks(await list(of, "?unread=false"))).toEqual(["a"])
      expect(marks(await list(of, "?unread=true&type=question.asked&student=7"))).toEqual(["c"])
    })

    test("by fields inside the JSON, each by its type", async () => {
      const graded = (mark: string, score: number) => ({
        type: "quiz.graded",
        data: { quizId: 1, courseId: 3, score, max: 100, mark },
      })
      const of = await told(
        graded("low", 40),
        graded("middle", 60),
        graded("high", 90),
        data({ mark: "late", late: true, courseId: 4 }),
      )
      const marked = async (query: string) => marks(await list(of, query))
      expect(await marked("?data.score[lt]=60")).toEqual(["low"])
      expect(await marked("?data.score[lte]=60")).toEqual(["middle", "low"])
      expect(await marked("?data.score[gt]=60")).toEqual(["high"])
      expect(await marked("?data.score[gte]=60&data.score[lt]=90")).toEqual(["middle"])
      expect(await marked("?data.courseId=4")).toEqual(["late"])
      expect(await marked("?data.courseId[in]=4,5")).toEqual(["late"])
      expect(await marked("?data.late=true")).toEqual(["late"])
    })

    test("by configured fields of types that nobody registered, dates as instants whatever their offset", async () => {
      const opened = (mark: string, room: string, openedAt: string) => ({
        type: "room.opened",
        data: { room, openedAt, mark },
      })
      const of = await told(
        opened("early", "B-1", "2026-11-22T09:00:00+09:00"),
        opened("late", "B-2", "2026-11-22T03:00:00Z"),
      )
      expect(marks(await list(of, "?data.room=B-2"))).toEqual(["late"])
      expect(marks(await list(of, "?data.openedAt[lt]=2026-11-22T01:00:00Z"))).toEqual(["early"])
      expect(marks(await list(of, `?data.openedAt=${encodeURIComponent("2026-11-22T12:00:00+09:00")}`))).toEqual([
        "late",
      ])
    })
  })

  describe("what is refused", () => {
    test.each([
      ["?data.secret=1", "field_not_filterable"],
      ["?data.__proto__=1", "field_not_filterable"],
      ["?data.score[$ne]=1", "query_invalid"],
      ["?data.score[lt]=sixty", "query_invalid"],
      ["?data.late[lt]=true", "query_invalid"],
      ["?data[score]=1", "query_invalid"],
      ["?score=1", "query_invalid"],
      ["?limit=0", "query_invalid"],
      ["?limit=101", "query_invalid"],
      ["?limit=1&limit=2", "query_invalid"],
      ["?unread=yes", "query_invalid"],
      ["?student=-7", "query_invalid"],
      ["?cursor=rubbish", "cursor_invalid"],
      ["?educator=42", "query_invalid"],
    ])("%s: %s", async (query, code) => {
      const answer = await list(42, query)
      expect([answer.status, answer.code]).toEqual([400, code])
      if (code === "field_not_filterable") expect(answer.filterable).toContain("data.room")
    })
  })
})
