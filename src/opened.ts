import { type Clock, monotonic } from "./clock.ts"

/** How long closing one thing may take, in milliseconds, before the next one has its turn: 2 s. */
const PATIENCE = 2_000

/** What has been opened so far. */
export type Opened = {
  /** Remembers how the next one is closed, and how long that may take if not 2 s. */
  defer(name: string, close: () => unknown, milliseconds?: number): void
  /**
   * Closes all in reverse order, each after the one before. One that throws or takes too long is told of, and keeps no other open; when
   * all had their turn it rejects. Safe to call twice.
   */
  close(): Promise<void>
}

type Options = {
  /** Told of each that could not be closed. */
  failed?(error: Error): void
  clock?: Clock
}

/** Opens things one after another; when one cannot be opened, those before it are closed again. */
export async function openAll<T>(
  open: (opened: Opened) => Promise<T>,
  { failed = () => {}, clock = monotonic }: Options = {},
): Promise<T> {
  const closers: (() => Promise<void>)[] = []
  let closing: Promise<void> | undefined

  async function closeAll() {
    const left: Error[] = []
    for (let close = closers.pop(); close; close = closers.pop())
      await close().catch((error: Error) => {
        left.push(error)
        failed(error)
      })
    if (left.length > 0) throw new AggregateError(left, "Not everything could be closed")
  }

  const opened: Opened = {
    defer(name, close, milliseconds = PATIENCE) {
      closers.push(() => closeInTime(name, close, milliseconds, clock))
    },
    close: () => (closing ??= closeAll()),
  }
  try {
    return await open(opened)
  } catch (error) {
    await opened.close().catch(() => {}) // what has been told of; why nothing could be opened matters more
    throw error
  }
}

async function closeInTime(name: string, close: () => unknown, milliseconds: number, clock: Clock) {
  const late = Promise.withResolvers<never>()
  const cancel = clock.after(milliseconds, () =>
    late.reject(new Error(`${name} did not close within ${milliseconds} ms`)),
  )
  const closed = (async () => close())().catch((cause) => {
    throw new Error(`${name} could not be closed`, { cause })
  })
  await Promise.race([closed, late.promise]).finally(cancel)
}
