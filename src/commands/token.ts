import { issueToken } from "../access-token.ts"
import { SettingsError } from "../environment.ts"
import { readTokenSettings } from "../settings.ts"
import { StartError } from "../start-error.ts"
import { readArguments } from "./arguments.ts"

const USAGE = "allim token --educator 42 [--hours 12]"
const HOURS = 12

/** Prints an access token, for trying things out; an LMS signs its own. */
export async function token(args: string[]): Promise<number> {
  const { educator, hours = HOURS } = readArguments(args, ["educator", "hours"], 0, USAGE).numbers
  if (educator === undefined) throw new StartError(`--educator is missing. Usage: ${USAGE}`)
  const settings = readTokenSettings(process.env)
  if ("jwksUrl" in settings.keys)
    throw new SettingsError(["EDUCATOR_JWKS_URL: its issuer makes the tokens; allim has no private key."])
  console.log(await issueToken(educator, hours * 3600, settings))
  return 0
}
