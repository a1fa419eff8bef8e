import { parentPort } from "node:worker_threads"
import { carry } from "./carried-error.ts"
import type { FromThread, ToThread } from "./messages.ts"
import type { Methods } from "./thread.ts"

type Method = (...asked: unknown[]) => unknown

/**
 * Opens what the thread needs and answers its calls, which begin in the order in which they came. One that waits for something holds up
 * none of the others. Work in steps MUST await `setImmediate` of node:timers/promises between them: else it holds up all. To be called
 * before anything is awaited: nobody keeps messages for a listener that comes late.
 */
export function serveThread(open: () => Promise<Methods> | Methods): void {
  if (!parentPort) throw new Error("This is served in a thread only")
  const port = parentPort
  const post = (message: FromThread) => port.postMessage(message)
  const running = new Set<Promise<void>>()
  const opened = (async () => open() as Promise<Record<string, Method>>)()
  opened.catch((error) => post({ failed: carry(error) }))

  async function answer(methods: Record<string, Method>, { id, name, asked }: Exclude<ToThread, { close: true }>) {
    try {
      if (!Object.hasOwn(methods, name)) throw new Error(`The thread has no method ${name}`)
      post({ id, answer: await methods[name]?.(...asked) })
    } catch (error) {
      post({ id, error: carry(error) }) // also when the answer cannot be cloned
    }
  }

  async function close({ close }: Record<string, Method>) {
    try {
      await Promise.all(running)
      await close?.()
      post({ closed: true })
    } catch (error) {
      post({ closed: true, error: carry(error) })
    }
  }

  async function hear(message: ToThread) {
    const methods = await opened
    if ("close" in message) return close(methods)
    const call = answer(methods, message)
    running.add(call)
    await call
    running.delete(call)
  }

  // What could not be opened was told.
  port.on("message", (message: ToThread) => void hear(message).catch(() => {}))
}
