import packageJson from "../package.json" with { type: "json" }
import { check } from "./commands/check.ts"
import { demo } from "./commands/demo.ts"
import { health } from "./commands/health.ts"
import { importFile } from "./commands/import.ts"
import { serve } from "./commands/serve.ts"
import { token } from "./commands/token.ts"
import { SettingsError } from "./environment.ts"
import { help } from "./help.ts"
import { StartError } from "./start-error.ts"

/** What the command line does, by name. Each gets the arguments after it, and answers the exit code. */
const commands: Record<string, (args: string[]) => Promise<number>> = {
  serve,
  demo,
  token,
  check,
  import: importFile,
  health,
}

async function main([first = "serve", ...rest]: string[]): Promise<number> {
  if (first === "--version") return say(packageJson.version)
  if (first === "--help" || first === "-h" || first === "help") return say(help)
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined
  if (!command) throw new StartError(`There is no command "${first}": allim --help lists them.`)
  return command(rest)
}

function say(text: string): number {
  console.log(text)
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.exitCode = 1
  if (error instanceof SettingsError)
    console.error(
      `allim cannot start with these settings:\n${error.mistakes.map((mistake) => `  - ${mistake}`).join("\n")}`,
    )
  else if (error instanceof StartError) console.error(error.message)
  else console.error(error)
}
