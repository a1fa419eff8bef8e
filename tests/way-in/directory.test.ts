import { describe, expect, test } from "bun:test"
import { startServer } from "../server.ts"
import { OLD, signed } from "./sources.ts"
import { openWayIn, SUBMITTED } from "./way-in.ts"

type Way = Awaited<ReturnType<typeof openWayIn>>

const bearer = { authorization: `Bearer ${OLD}` }
const putting = (body: string, headers: Record<string, string> = bearer) => ({
  method: "PUT",
  headers: { "content-type": "application/json", ...headers },
  body,
})
const put = ({ app }: Way, path: string, body: string, headers?: Record<string, string>) =>
  app.request(path, putting(body, headers))

const code = async (response: Response) => `${response.status} ${(await response.json()).code}`

const CHANGE = "/directory"
const ROSTER = "/directory/courses/3/roster"
const EMPTY = JSON.stringify({ staff: [], students: [] })

test("an LMS says who teaches whom, and its next event reaches them", async () => {
  await using way = await openWayIn()
  const sent = { ...SUBMITTED, student: 999, data: { assignmentId: 77 } }
  expect((await (await way.post(sent)).json()).results).toMatchObject([{ notifications: 0 }])
  const change = { students: [{ id: 999, userId: "new", name: "전학생" }], teaches: [{ educator: 42, student: 999 }] }
  const body = JSON.stringify(change)
  expect((await put(way, CHANGE, body, signed(body))).status).toBe(204)
  expect((await (await way.post(sent)).json()).results).toMatchObject([{ status: "accepted", notifications: 1 }])
})

const roster = {
  staff: [{ educator: 50, section: 1 }, { educator: 51, section: "2" }, { educator: 52 }],
  students: [{ student: 7, section: "1" }],
}

test("an LMS says who is in a course, and its next event reaches those of the section and nobody of before", async () => {
  await using way = await openWayIn()
  const body = JSON.stringify(roster)
  // A signature covers the body alone, and so would do for any course.
  expect(await code(await put(way, ROSTER, body, signed(body)))).toBe("401 signature_invalid")
  expect((await put(way, ROSTER, body)).status).toBe(204)
  const [told] = await way.directory.recipientsOf([{ student: 7, course: 3, works: [] }])
  expect(told?.recipients.map(({ educator }) => educator)).toEqual([50, 52])
  expect((await (await way.post(SUBMITTED)).json()).results).toMatchObject([{ notifications: 2 }])
})

test("a whole server takes rosters, too", async () => {
  await using server = await startServer()
  const authorization = "Bearer the-secret-of-the-university"
  const answer = await fetch(server.url + ROSTER, putting(JSON.stringify(roster), { authorization }))
  expect(answer.status).toBe(204)
})

test.each([
  [CHANGE, `{"teaches":[{"educator":0,"student":1}]}`, "{}"],
  [ROSTER, `{"staff":[]}`, EMPTY],
])("%s is checked in the order of all requests", async (path, senseless, sound) => {
  await using way = await openWayIn({ perSecond: 4 })
  const [wrong, plain] = [{ authorization: "Bearer wrong" }, { "content-type": "text/plain" }]
  const announced = { ...wrong, "content-length": String(10 * 1024 * 1024 + 1) }
  const misspelt = `${path}?Dry=true`
  expect(await code(await put(way, misspelt, "{", announced))).toBe("413 body_too_large")
  expect(await code(await put(way, misspelt, "{", { ...wrong, ...plain }))).toBe("415 media_type_unsupported")
  expect(await code(await put(way, misspelt, "{", wrong))).toBe("401 source_unknown")
  expect(await code(await put(way, misspelt, "{"))).toBe("400 query_invalid")
  expect(await code(await put(way, path, "{"))).toBe("400 json_invalid")
  expect(await code(await put(way, path, senseless))).toBe("422 directory_invalid")
  expect((await put(way, path, sound)).status).toBe(204)
  expect(await code(await put(way, path, sound))).toBe("429 rate_exceeded")
})

test("a directory that is not ours is not changed, nor asked what would be", async () => {
  await using way = await openWayIn({ writable: false })
  for (const path of [CHANGE, ROSTER, `${CHANGE}?dry=true`, `${ROSTER}?dry=true`])
    expect(await code(await put(way, path, EMPTY))).toBe("409 directory_read_only")
})

test("a course's id is a positive whole number below 2^53", async () => {
  await using way = await openWayIn()
  const of = (id: string) => put(way, `/directory/courses/${id}/roster`, EMPTY)
  for (const id of ["0", "-1", "1.5", "1e3", "three", "%20", "9007199254740992", "3%2f4"])
    expect([id, await code(await of(id))]).toEqual([id, "400 query_invalid"])
  expect((await of("9007199254740991")).status).toBe(204)
  expect((await (await of("0")).json()).detail).toBe(
    "The course's id must be a whole number from 1 to 9007199254740991.",
  )
})

describe("dry", () => {
  const change = JSON.stringify({
    students: [
      { id: 7, userId: "minsu", name: "김민서" },
      { id: 8, userId: "siwoo", name: "윤시우" },
    ],
    noLongerCourseStaff: [{ course: 3, educator: 42 }],
  })
  const told = async ({ directory }: Way): Promise<unknown[]> => {
    const [addressed] = await directory.recipientsOf([{ student: 7, course: 3, works: [] }])
    return [(await directory.find("student", [7])).get(7)?.name, ...(addressed?.recipients ?? [])]
  }
  const BEFORE = ["김민수", { educator: 42, reason: "course" }]

  test("answers what would be done, and does nothing", async () => {
    await using way = await openWayIn()
    const changed = await put(way, `${CHANGE}?dry=true`, change)
    expect(changed.status).toBe(200)
    expect(await changed.json()).toEqual({
      students: { sent: 2, changed: 1 },
      noLongerCourseStaff: { sent: 1, changed: 1 },
    })
    const replaced = await put(way, `${ROSTER}?dry=true`, JSON.stringify(roster))
    expect(replaced.status).toBe(200)
    expect(await replaced.json()).toEqual({
      staff: { sent: 3, added: 3, removed: 1 },
      students: { sent: 1, added: 1, removed: 8 },
    })
    expect(await told(way)).toEqual(BEFORE)
  })

  test("refuses what a change would be refused for", async () => {
    await using way = await openWayIn()
    expect(await code(await put(way, `${ROSTER}?dry=true`, "{}"))).toBe("422 directory_invalid")
  })

  test("false is as if it were left out", async () => {
    await using way = await openWayIn()
    expect((await put(way, `${CHANGE}?dry=false`, change)).status).toBe(204)
    expect((await told(way))[0]).toBe("김민서")
  })

  test("misspelt in whatever way changes nothing", async () => {
    await using way = await openWayIn()
    const queries = ["dry", "dry=", "dry=1", "dry=yes", "dry=TRUE", "dry=true&dry=true", "dry=false&dry=true"]
    for (const query of [...queries, "Dry=true", "dri=true", "dry=true&course=3", "dry[]=true", "=", "dry%20=true"])
      for (const [path, body] of [
        [CHANGE, change],
        [ROSTER, EMPTY],
      ] as const)
        expect([query, await code(await put(way, `${path}?${query}`, body))]).toEqual([query, "400 query_invalid"])
    expect(await told(way)).toEqual(BEFORE)
  })
})
