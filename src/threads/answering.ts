type Method = (...asked: never[]) => unknown

/** The same methods, of which each answers a promise. */
export type Answering<M> = {
  [Name in keyof M]: M[Name] extends (...asked: infer Asked) => infer Found
    ? (...asked: Asked) => Promise<Awaited<Found>>
    : never
}

/** Methods of which each answers a promise, and what one throws is told as `told` makes of it. */
export function answering<M extends Record<keyof M, Method>>(
  methods: M,
  told: (error: unknown) => unknown,
): Answering<M> {
  const answer =
    (method: Method) =>
    async (...asked: never[]) => {
      try {
        return await method(...asked)
      } catch (error) {
        throw told(error)
      }
    }
  return Object.fromEntries(
    Object.entries<Method>(methods).map(([name, method]) => [name, answer(method)]),
  ) as Answering<M>
}
