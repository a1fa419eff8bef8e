/** How much of the server one client may take, or all of them that have shown nothing yet. */
export type Limits = Readonly<{
  /** Sockets that one access token may open. */
  socketsPerToken: number
  /** Sockets that one educator may open, whatever the tokens. */
  socketsPerEducator: number
  /** Connections that are not, or not any more, in the namespace, all clients' together. */
  unconnected: number
  /** Seconds that a connection may be without a socket in the namespace. */
  connectWithin: number
  /** Events that all clients of one educator may send in a second, before they are refused. */
  eventRate: number
  /** Packets of any kind that one connection may send in a second, and events that all of one educator's may, before it is cut. */
  clientRate: number
  /** Bytes that may wait for one socket that does not take what it is sent. */
  waitingBytes: number
  /** Bytes of bodies that may be under way at once before a signature has proved who sends them, all senders' together. */
  signedBytes: number
  /** File descriptors that are kept free. */
  spareDescriptors: number
}>

export const defaultLimits: Limits = {
  socketsPerToken: 20,
  socketsPerEducator: 100,
  unconnected: 5_000,
  connectWithin: 10,
  eventRate: 50,
  clientRate: 200,
  waitingBytes: 1_048_576,
  signedBytes: 33_554_432,
  spareDescriptors: 200,
}

/** The limits that operators are told of, and what happens to whoever meets one. */
export const exceedances = {
  token_sockets: "An access token has as many sockets as it may: its further ones are refused.",
  educator_sockets: "An educator has as many sockets as one may: further ones are refused.",
  unconnected: "As many connections wait without a good token as may: further ones are answered with 503.",
  connect_within: "A connection has no good token in time: it is cut.",
  source_rate: "A source sends more requests than one may: further ones are answered with 429.",
  event_rate: "An educator's clients send more events than they may: further ones are refused.",
  client_rate: "A client sends faster than any may: its connection is cut.",
  slow: "A client takes nothing while more and more waits for it: its connection is cut, and it comes back with its cursor.",
  descriptors:
    "Nearly all file descriptors are taken: new connections are answered with 503, and when none is left they wait or are closed.",
} as const

export type Limit = keyof typeof exceedances

/** Told of every time that a limit is met. */
export type Exceeded = (limit: Limit) => void
