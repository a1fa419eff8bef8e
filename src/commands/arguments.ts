import { parseArgs } from "node:util"
import { StartError } from "../start-error.ts"

/** A command's options, each a whole number above zero, and its positional arguments. Throws a `StartError` that says how to call it. */
export function readArguments<Name extends string>(
  args: string[],
  names: readonly Name[],
  positionals: number,
  usage: string,
) {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]))
  try {
    const parsed = parseArgs({ args, options, allowPositionals: positionals > 0 })
    if (parsed.positionals.length !== positionals) throw new Error("the number of arguments differs")
    const numbers = Object.entries(parsed.values).map(([name, value]) => [name, wholeNumber(name, String(value))])
    return { numbers: Object.fromEntries(numbers) as Partial<Record<Name, number>>, positionals: parsed.positionals }
  } catch (error) {
    throw new StartError(`${(error as Error).message}. Usage: ${usage}`)
  }
}

function wholeNumber(name: string, value: string): number {
  if (/^[1-9]\d{0,15}$/.test(value) && Number.isSafeInteger(Number(value))) return Number(value)
  throw new Error(`--${name} must be a whole number above zero`)
}
