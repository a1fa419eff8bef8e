import type { Methods, Thread } from "./thread.ts"

/** The same methods, done in this thread: for what another one cannot open, such as a database in memory. */
export function inThisThread<M extends Methods>(methods: M, end: () => void): Thread<M> {
  const call = async (name: string, ...asked: never[]) => methods[name]?.(...asked)
  return { call, close: async () => end() } as Thread<M>
}
