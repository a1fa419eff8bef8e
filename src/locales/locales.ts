import { en } from "./en.ts"
import { ko } from "./ko.ts"
import type { Locale } from "./locale.ts"

/** Every language that notifications are told in, by its BCP 47 primary tag. */
export const locales = { ko, en } satisfies Record<string, Locale>

export type Language = keyof typeof locales

/** For settings: what `DEFAULT_LANGUAGE` may be. */
export const languages = Object.keys(locales) as Language[]

function isLanguage(value: string): value is Language {
  return Object.hasOwn(locales, value)
}

/** What is read of a list of languages: 1,000 characters. */
const MAX_LENGTH = 1000

/**
 * The best known language for a wish: a tag such as `ko` or `ko-KR`, or a whole `Accept-Language` with its weights. `fallback` when there
 * is no wish, when it makes no sense, or when none of it is known.
 */
export function chooseLanguage(wanted: string | undefined | null, fallback: Language): Language {
  const wishes = (wanted ?? "").slice(0, MAX_LENGTH).split(",").map(readWish)
  const bestFirst = wishes.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight)
  return bestFirst.map(({ language }) => language).find(isLanguage) ?? fallback
}

/** One part of the list: `en-GB;q=0.8`. A weight that is not one counts as 0, none as 1. */
function readWish(part: string) {
  const [tag = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase())
  const [language = ""] = tag.split(/[-_]/)
  const q = parameters.find((parameter) => parameter.startsWith("q="))
  return { language, weight: q ? Number(q.slice(2)) || 0 : 1 }
}
