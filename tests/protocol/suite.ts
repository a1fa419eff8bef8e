// How an official suite is held on every runtime. Its cases are data, so that they can be counted.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { startProgram } from "../program.ts"
import { describeOnEachRuntime } from "../runtimes.ts"
import type { Addresses } from "./official.ts"

export type Case = (server: Addresses) => Promise<unknown>
export type Suite = { [name: string]: Suite | Case }

/** Tries all cases on each runtime, and sees that they are as many as the official ones. */
export function holdSuite(suite: Suite, { of, cases }: { of: "engine" | "socket"; cases: number }) {
  test(`the official suite's ${cases} cases are all here`, () => expect(count(suite)).toBe(cases))

  describeOnEachRuntime(({ command }) => {
    const server = {} as Addresses
    let program: Awaited<ReturnType<typeof startProgram>>
    beforeAll(async () => {
      program = await startProgram([...command, join(import.meta.dir, "suite-server.ts"), of], {}, /^(\{.*\})$/m)
      Object.assign(server, JSON.parse(program.found))
    })
    afterAll(() => program.end("SIGTERM"))
    tell(suite, server)
  })
}

function tell(suite: Suite, server: Addresses) {
  for (const [name, part] of Object.entries(suite)) {
    if (typeof part !== "function") describe(name, () => tell(part, server))
    else test.concurrent(name, async () => void (await part(server)))
  }
}

function count(suite: Suite): number {
  return Object.values(suite).reduce((sum, part) => sum + (typeof part === "function" ? 1 : count(part)), 0)
}
