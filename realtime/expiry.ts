import type { Socket } from "socket.io"

/** How long after its token has expired a connection is closed, so that the client has time to get a fresh one: 10 s. */
const GRACE = 10_000

/** A timer holds no longer delay, 24 days; a connection does not last that long anyway. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Closes a connection some time after `expiresAt` (milliseconds since 1970), as a lost one is closed, so that its client reconnects by
 * itself, and asks for a token again. Answers how that is called off.
 */
export function closeWhenExpired({ conn }: Pick<Socket, "conn">, expiresAt: number | undefined): () => void {
  if (expiresAt === undefined) return () => {}
  const left = expiresAt + GRACE - Date.now()
  if (left > LONGEST_TIMER) return () => {}
  const timer = setTimeout(() => conn.close(), Math.max(0, left))
  return () => clearTimeout(timer)
}
