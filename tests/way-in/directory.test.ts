import { expect, test } from "bun:test"
import { OLD, signed } from "./sources.ts"
import { openWayIn, SUBMITTED } from "./way-in.ts"

type Way = Awaited<ReturnType<typeof openWayIn>>

const put = ({ app }: Way, body: string, headers: Record<string, string> = { authorization: `Bearer ${OLD}` }) =>
  app.request("/directory", { method: "PUT", headers: { "content-type": "application/json", ...headers }, body })

const code = async (response: Response) => `${response.status} ${(await response.json()).code}`

test("an LMS says who teaches whom, and its next event reaches them", async () => {
  await using way = await openWayIn()
  const sent = { ...SUBMITTED, student: 999, data: { assignmentId: 77 } }
  expect((await (await way.post(sent)).json()).results).toMatchObject([{ notifications: 0 }])
  const change = { students: [{ id: 999, userId: "new", name: "전학생" }], teaches: [{ educator: 42, student: 999 }] }
  const body = JSON.stringify(change)
  expect((await put(way, body, signed(body))).status).toBe(204)
  expect((await (await way.post(sent)).json()).results).toMatchObject([{ status: "accepted", notifications: 1 }])
})

test("a change is checked in the order of all requests", async () => {
  await using way = await openWayIn({ perSecond: 3 })
  const [wrong, plain] = [{ authorization: "Bearer wrong" }, { "content-type": "text/plain" }]
  const announced = { ...wrong, "content-length": String(10 * 1024 * 1024 + 1) }
  expect(await code(await put(way, "{", announced))).toBe("413 body_too_large")
  expect(await code(await put(way, "{", { ...wrong, ...plain }))).toBe("415 media_type_unsupported")
  expect(await code(await put(way, "{", wrong))).toBe("401 source_unknown")
  expect(await code(await put(way, "{"))).toBe("400 json_invalid")
  expect(await code(await put(way, `{"teaches":[{"educator":0,"student":1}]}`))).toBe("422 directory_invalid")
  expect((await put(way, "{}")).status).toBe(204)
  expect(await code(await put(way, "{}"))).toBe("429 rate_exceeded")
})

test("a directory that is not ours is not changed", async () => {
  await using way = await openWayIn({ writable: false })
  expect(await code(await put(way, "{}"))).toBe("409 directory_read_only")
})
