/** What may be handed to a connection before it has taken what it was handed before, in bytes. */
const PORTION = 131_072

/** A session of either engine: what waits in it has been created and not yet flushed. */
type Session = {
  on(event: "packetCreate", listener: (packet: { data?: string | Uint8Array }) => void): void
  on(event: "drain" | "close", listener: () => void): void
}

/** How fast a connection takes what it is sent. */
export type Pace = {
  /** Resolves when it takes more, or is gone; undefined when it takes more now. */
  taken(): Promise<void> | undefined
}

/** Watches a session: its transport says when it takes more, a poll by coming, a websocket by having written. */
export function paceOf(session: Session): Pace {
  let waiting = 0
  let gone = false
  let taken: PromiseWithResolvers<void> | undefined

  function release() {
    waiting = 0
    taken?.resolve()
    taken = undefined
  }

  session.on("packetCreate", ({ data = "" }) => {
    waiting += Buffer.byteLength(data)
  })
  session.on("drain", release)
  session.on("close", () => {
    gone = true
    release()
  })

  return {
    taken() {
      if (gone || waiting < PORTION) return
      taken ??= Promise.withResolvers<void>()
      return taken.promise
    },
  }
}
