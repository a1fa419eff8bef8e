import pino from "pino"

export type Log = pino.Logger

/** Structured lines on standard output. Whoever logs passes ids and codes only: no names, no tokens, no bodies; `redact` is the second lock. */
export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ["*.authorization", "*.token", "*.secret", "authorization", "token", "secret"],
  })
}
