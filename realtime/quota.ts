import type { Exceeded, Limit, Limits } from "../src/limits.ts"
import { Problem } from "../src/problem.ts"

type Needs = { limits: Pick<Limits, "socketsPerToken" | "socketsPerEducator">; exceeded: Exceeded }

/** How many sockets each access token, and each educator, has in this process. */
export function socketQuota({ limits, exceeded }: Needs) {
  const tokens = counter(limits.socketsPerToken, "token_sockets", exceeded)
  const educators = counter(limits.socketsPerEducator, "educator_sockets", exceeded)

  return {
    /** Takes one, or throws `too_many_connections`; what it answers gives it back, once. */
    take(educator: number, token = ""): () => void {
      const signed = token.slice(0, token.lastIndexOf(".")) // not the signature, which can be written in several ways
      tokens.check(signed)
      educators.check(educator)
      const giveBack = [tokens.add(signed), educators.add(educator)]
      return () => {
        for (const give of giveBack.splice(0)) give()
      }
    },
  }
}

function counter(most: number, limit: Limit, exceeded: Exceeded) {
  const counts = new Map<string | number, number>()
  const change = (key: string | number, by: number) => {
    const count = (counts.get(key) ?? 0) + by
    if (count > 0) counts.set(key, count)
    else counts.delete(key)
  }
  return {
    check(key: string | number) {
      if ((counts.get(key) ?? 0) < most) return
      exceeded(limit)
      const whose = limit === "token_sockets" ? "access token" : "educator"
      throw new Problem(
        "too_many_connections",
        `At most ${most} sockets of one ${whose}; close some, then connect again.`,
      )
    },
    add(key: string | number) {
      change(key, 1)
      return () => change(key, -1)
    },
  }
}
