const FIRST_MS = 1_000
const LONGEST_MS = 30_000

/**
 * Tries again after growing pauses: 1 s, doubling up to 30 s. Each is cut by up to a half by chance, so that the bells of a whole
 * school do not come back together.
 */
export function retrier() {
  let pause = FIRST_MS
  let timer: ReturnType<typeof setTimeout> | undefined

  return {
    later(attempt: () => void): void {
      clearTimeout(timer)
      timer = setTimeout(attempt, pause * (1 - Math.random() / 2))
      pause = Math.min(pause * 2, LONGEST_MS)
    },
    /** Forgets what was to be tried, and how often it failed. */
    stop(): void {
      clearTimeout(timer)
      pause = FIRST_MS
    },
  }
}
