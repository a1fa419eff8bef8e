/** What has been opened so far. */
export type Opened = {
  /** Remembers how the next one is closed. */
  defer(close: () => unknown): void
  /** Closes all in reverse order, each after the one before. Safe to call twice. */
  close(): Promise<void>
}

/** Opens things one after another; when one cannot be opened, those before it are closed again. */
export async function openAll<T>(open: (opened: Opened) => Promise<T>): Promise<T> {
  const closers: (() => unknown)[] = []
  const opened: Opened = {
    defer: (close) => void closers.push(close),
    async close() {
      for (let close = closers.pop(); close; close = closers.pop()) await close()
    },
  }
  try {
    return await open(opened)
  } catch (error) {
    await opened.close()
    throw error
  }
}
