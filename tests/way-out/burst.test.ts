import { expect, test } from "bun:test"
import { decodeCursor } from "../../realtime/cursor.ts"
import { onEachRuntime } from "../on-each-runtime.ts"
import { handIn, listen } from "../server.ts"
import { until } from "../until.ts"

onEachRuntime({}, (server) => {
  test("10,000 notifications to one socket carry less than 10 MiB of cursors, each of which the server takes", async () => {
    using client = await listen(server, 42)
    for (let batch = 0; batch < 20; batch++) {
      await server.post(Array.from({ length: 500 }, () => handIn({ educators: [42], data: { assignmentId: 9 } })))
      await until(() => client.notifications().length === 500 * (batch + 1))
    }
    const cursors = client.heard.flatMap(({ event, args }) => (event === "get_알림" ? [String(args[1])] : []))
    expect(cursors.length).toBe(10_000)
    expect(cursors.reduce((bytes, cursor) => bytes + cursor.length, 0)).toBeLessThan(10 * 1024 * 1024)
    expect(cursors.filter((cursor) => decodeCursor(cursor)?.ids === undefined)).toEqual([])

    // The longest of them is as good as any: whoever comes back with it is given what came after.
    const longest = cursors.reduce((longest, cursor) => (cursor.length > longest.length ? cursor : longest))
    const at = cursors.indexOf(longest)
    const auth = { token: await server.tokenOf(42), offset: cursors[Math.max(at, 9_800)] }
    using returned = await listen(server, 42, { auth })
    expect(returned.refreshes()).toEqual([])
    expect(returned.notifications()).toHaveLength(10_000 - 1 - Math.max(at, 9_800))
  })
})
