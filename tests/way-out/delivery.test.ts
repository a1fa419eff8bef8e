import { describe, expect, test } from "bun:test"
import { onEachRuntime } from "../on-each-runtime.ts"
import { connect, handIn, listen } from "../server.ts"
import { until } from "../until.ts"

onEachRuntime({ ALLOWED_ORIGINS: "https://lms.example" }, (server) => {
  describe.each([
    ["websocket", { transports: ["websocket"] }],
    ["polling", { transports: ["polling"] }],
    ["polling, upgraded", { transports: ["polling", "websocket"] }],
  ])("over %s", (_, options) => {
    test("an event that an LMS posts is heard at once, whole, with a cursor", async () => {
      using client = await listen(server, 42, options)
      const posted = await server.post(handIn({ time: "2026-11-22T14:30:00+09:00" }))
      expect(await posted.json()).toMatchObject({ accepted: 1, results: [{ status: "accepted", notifications: 3 }] })
      await until(() => client.notifications().length === 1)
      expect(client.notifications()[0]).toEqual({
        알림_고유_아이디: expect.any(Number),
        교육자_유저인덱스: 42,
        학생_유저인덱스: 7,
        학생_유저아이디: "minsu",
        학생_유저이름: "김민수",
        열람일: null,
        유형: "assignment.submitted",
        발생일: "2026-11-22T05:30:00.000Z",
        까닭: "named",
        제목: "과제 제출",
        본문: "김민수 학생이 ‘3장 과제’를 제출했습니다.",
        상세: expect.objectContaining({
          assignmentId: 9,
          courseId: 3,
          course: expect.objectContaining({ id: 3, name: "중1 수학" }),
        }),
      })
      expect(client.heard.find(({ event }) => event === "get_알림")?.args[1]).toBeString()
    })
  })

  describe("who hears what", () => {
    test("each educator of a co-taught student has a notification of their own; others have none", async () => {
      using mathematics = await listen(server, 42)
      using science = await listen(server, 43)
      using stranger = await listen(server, 99)
      await server.post(handIn())
      await until(() => mathematics.notifications().length === 1 && science.notifications().length === 1)
      const [mine, theirs] = [mathematics.notifications()[0], science.notifications()[0]]
      expect(mine?.알림_고유_아이디).not.toBe(theirs?.알림_고유_아이디)
      expect([mine?.교육자_유저인덱스, theirs?.교육자_유저인덱스]).toEqual([42, 43])
      expect(stranger.notifications()).toEqual([])
    })

    test("an event that names its educators reaches them alone", async () => {
      using named = await listen(server, 77)
      using teacher = await listen(server, 42)
      await server.post([handIn({ educators: [77] }), handIn({ educators: [42, 77, 77] })])
      await until(() => named.notifications().length === 2 && teacher.notifications().length === 1)
    })

    test("all of an educator's tabs hear it, each in its own language", async () => {
      using korean = await listen(server, 42, { query: { "content-language": "ko-KR" } })
      using english = await listen(server, 42, { query: { "content-language": "en" } })
      using byHeader = await listen(server, 42, {
        transports: ["polling"],
        extraHeaders: { "Accept-Language": "fr, en-GB;q=0.8" },
      })
      await server.post(handIn())
      await until(() => [korean, english, byHeader].every((tab) => tab.notifications().length === 1))
      expect([korean, english, byHeader].map((tab) => tab.notifications()[0]?.제목)).toEqual([
        "과제 제출",
        "Assignment submitted",
        "Assignment submitted",
      ])
    })

    test("a type that nobody registered is delivered with a generic text and its JSON", async () => {
      using client = await listen(server, 42)
      const data = { anything: [1, { deep: "값" }], flag: true }
      await server.post(handIn({ type: "library.book-borrowed", data }))
      await until(() => client.notifications().length === 1)
      expect(client.notifications()[0]).toMatchObject({ 유형: "library.book-borrowed", 상세: data })
      expect(client.notifications()[0]?.본문).toContain("김민수")
    })

    test("a burst arrives complete and in the order posted", async () => {
      using client = await listen(server, 42)
      const events = Array.from({ length: 200 }, (_, index) =>
        handIn({ educators: [42], data: { assignmentId: 9, courseId: 3, attempt: index + 1 } }),
      )
      await server.post(events)
      await until(() => client.notifications().length === 200)
      expect(client.notifications().map(({ 상세 }) => 상세.attempt)).toEqual(events.map((_, index) => index + 1))
      await until(() => client.counts().at(-1) === (client.counts()[0] ?? 0) + 200)
    })
  })

  describe("who may connect", () => {
    const refused = async (options: Parameters<typeof connect>[1]) => {
      using client = connect(server.url, { reconnection: false, ...options })
      const error = await new Promise<Error & { data?: { code: string } }>((resolve) =>
        client.socket.on("connect_error", resolve),
      )
      return error.data?.code
    }

    test("a missing, wrong or expired token is refused with its code, over either transport", async () => {
      const expired = await server.tokenOf(42, -1)
      for (const transports of [["websocket"], ["polling"]]) {
        expect(await refused({ transports })).toBe("token_missing")
        expect(await refused({ transports, auth: { token: "rubbish" } })).toBe("token_invalid")
        expect(await refused({ transports, auth: { token: { $gt: "" } } })).toBe("token_missing")
        expect(await refused({ transports, auth: { token: expired } })).toBe("token_expired")
      }
    })

    test("the main namespace, which needs no token, holds nobody's connection", async () => {
      using client = connect(server.url, { reconnection: false })
      const main = client.socket.io.socket("/")
      main.connect()
      const { data } = await new Promise<Error & { data?: { code: string } }>((resolve) =>
        main.on("connect_error", resolve),
      )
      expect(data?.code).toBe("not_found")
    })

    test("a token in an Authorization header is accepted", async () => {
      const extraHeaders = { Authorization: `Bearer ${await server.tokenOf(42)}` }
      using client = connect(server.url, { transports: ["polling"], extraHeaders })
      await client.live()
    })

    test("a page of another origin is refused, over either transport", async () => {
      const auth = { token: await server.tokenOf(42) }
      for (const transports of [["websocket"], ["polling"]]) {
        using client = connect(server.url, {
          reconnection: false,
          transports,
          auth,
          extraHeaders: { Origin: "https://evil.example" },
        })
        await new Promise((resolve) => client.socket.on("connect_error", resolve))
        expect(client.socket.connected).toBe(false)
      }
    })

    test("a page of an allowed origin, and of the server's own, may", async () => {
      for (const Origin of ["https://lms.example", server.url, server.url.replace("http:", "https:")])
        for (const transports of [["websocket"], ["polling"]]) {
          using client = await listen(server, 42, { transports, extraHeaders: { Origin } })
          expect(client.socket.connected).toBe(true)
        }
    })
  })
})
