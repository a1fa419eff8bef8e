import { afterAll, beforeAll } from "bun:test"
import { describeOnEachRuntime, type Runtime } from "./runtimes.ts"
import { type Server, startProcess } from "./server.ts"

/** Holds the same conversations with a server on each runtime, in a process of its own. */
export function onEachRuntime(environment: Record<string, string>, hold: (server: Server, runtime: Runtime) => void) {
  describeOnEachRuntime((runtime) => {
    const server = {} as Server
    beforeAll(async () => void Object.assign(server, await startProcess(runtime, environment)))
    afterAll(() => server[Symbol.asyncDispose]())
    hold(server, runtime)
  })
}
