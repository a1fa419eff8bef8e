import { type Language, texts } from "./texts.ts"

const UNITS = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
] as const

/** Above this age, in days, a date says more than a distance. */
const DATE_AFTER_DAYS = 7

/** "방금", "3분 전", "어제", then the date. `time` is ISO 8601; a time ahead of this clock counts as now. */
export function relativeTime(time: string, language: Language, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000)
  if (seconds >= DATE_AFTER_DAYS * 86_400)
    return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(Date.parse(time))
  const fitting = UNITS.find((candidate) => seconds >= candidate.seconds)
  if (!fitting) return texts[language].justNow
  const relative = new Intl.RelativeTimeFormat(language, {
    numeric: "auto",
    style: language === "ko" ? "long" : "short",
  })
  return relative.format(-Math.floor(seconds / fitting.seconds), fitting.unit)
}

export function absoluteTime(time: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" }).format(Date.parse(time))
}

/** A badge's text: above 99 the exact number no longer matters. */
export function badge(count: number): string {
  return count > 99 ? "99+" : String(count)
}
