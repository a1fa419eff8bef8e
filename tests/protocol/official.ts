/** What the official suites ask of the server that they are held against, in milliseconds. */
export const OFFICIAL = { pingInterval: 300, pingTimeout: 200, connectTimeout: 1_000 }

/** Servers that differ in how long they wait, because a busy machine may take 200 ms to answer a ping, or 500 ms for three requests. */
export type Addresses = {
  /** As the suites ask. */
  official: string
  /** With their pings, but waiting for what the client says as long as any server does. */
  beating: string
  /** As any server, in everything. */
  patient: string
}
