import { expect, test } from "bun:test"
import { socketQuota } from "../../realtime/quota.ts"
import type { Limit } from "../../src/limits.ts"
import { Problem } from "../../src/problem.ts"

function rig() {
  const met: Limit[] = []
  const quota = socketQuota({
    limits: { socketsPerToken: 2, socketsPerEducator: 3 },
    exceeded: (limit) => met.push(limit),
  })
  const refused = (educator: number, token: string) => {
    try {
      quota.take(educator, token)
    } catch (error) {
      return error instanceof Problem && error.code
    }
  }
  return { quota, met, refused }
}

test("a token opens so many, an educator so many with whatever tokens, and others are not concerned", () => {
  const { quota, met, refused } = rig()
  quota.take(1, "a.a.a")
  quota.take(1, "a.a.a")
  expect(refused(1, "a.a.a")).toBe("too_many_connections")
  quota.take(1, "b.b.b")
  expect(refused(1, "c.c.c")).toBe("too_many_connections")
  expect(refused(2, "d.d.d")).toBeUndefined()
  expect(met).toEqual(["token_sockets", "educator_sockets"])
})

test("what is given back can be taken again, and is given back once", () => {
  const { quota, refused } = rig()
  const giveBack = quota.take(1, "a.a.a")
  quota.take(1, "a.a.a")
  giveBack()
  giveBack()
  quota.take(1, "a.a.a")
  expect(refused(1, "a.a.a")).toBe("too_many_connections")
})

test("one refused takes nothing", () => {
  const { quota, refused } = rig()
  const giveBack = quota.take(1, "a.a.a")
  quota.take(1, "a.a.a")
  for (let i = 0; i < 5; i++) refused(1, "a.a.a")
  giveBack()
  quota.take(1, "a.a.a")
})

test("a token with its signature written in another way is the same token", () => {
  const { quota, refused } = rig()
  quota.take(1, "head.body.signatureA")
  quota.take(1, "head.body.signatureB")
  expect(refused(1, "head.body.signatureC=")).toBe("too_many_connections")
})
