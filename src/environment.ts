import { readFileSync } from "node:fs"

export type Environment = Readonly<Record<string, string | undefined>>

/** Every mistake in the environment, in words that say what to write instead. */
export class SettingsError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join("\n"))
    this.mistakes = mistakes
  }
}

/** Reads variables by name, and collects what is wrong with them instead of stopping at the first. */
export type Reader = {
  /** The value, or undefined when it is unset or empty; read from the file that `<name>_FILE` names if that is set. */
  text(name: string): string | undefined
  /** Comma-separated items, trimmed. */
  list(name: string): string[]
  whole(name: string, fallback: number, least: number, most: number): number
  oneOf<T extends string>(name: string, fallback: T, choices: readonly T[]): T
  /** Notes a mistake. Secrets must not be repeated in it. */
  wrong(mistake: string): void
}

/** Reads settings, `defaults` for what is unset; throws a `SettingsError` with all mistakes that were noted. */
export function readEnvironment<T>(
  environment: Environment,
  read: (reader: Reader) => T,
  defaults: Environment = {},
): Readonly<T> {
  const mistakes: string[] = []
  const settings = read(readerOf(environment, defaults, (mistake) => void mistakes.push(mistake)))
  if (mistakes.length > 0) throw new SettingsError(mistakes)
  return Object.freeze(settings)
}

function readerOf(environment: Environment, defaults: Environment, wrong: Reader["wrong"]): Reader {
  const text = (name: string) => variable(environment, name, wrong) ?? defaults[name]
  return {
    text,
    wrong,
    list: (name) =>
      (text(name) ?? "")
        .split(",")
        .map((item) => item.trim())
        .filter(Boolean),

    whole(name, fallback, least, most) {
      const value = text(name)
      if (value === undefined) return fallback
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
      if (number >= least && number <= most) return number
      wrong(`${name} must be a whole number from ${least} to ${most}.`)
      return fallback
    },

    oneOf(name, fallback, choices) {
      const value = text(name) ?? fallback
      const choice = choices.find((choice) => choice === value)
      if (choice === undefined) wrong(`${name} must be one of ${choices.join(", ")}.`)
      return choice ?? fallback
    },
  }
}

/** An empty value counts as unset: that is how compose files write "none". */
function variable(environment: Environment, name: string, wrong: Reader["wrong"]): string | undefined {
  const direct = environment[name]?.trim() || undefined
  const file = environment[`${name}_FILE`]?.trim() || undefined
  if (direct && file) wrong(`${name} and ${name}_FILE are both set; keep one.`)
  if (direct || !file) return direct
  try {
    const value = readFileSync(file, "utf8").trim()
    if (!value) wrong(`${name}_FILE names an empty file: ${file}.`)
    return value || undefined
  } catch (error) {
    const { code = "unreadable" } = error as NodeJS.ErrnoException
    wrong(`${name}_FILE names a file that cannot be read: ${file} (${code}).`)
  }
}
