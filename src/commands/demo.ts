import { randomBytes } from "node:crypto"
import { issueToken } from "../access-token.ts"
import { samplePage, sampleSchool } from "../directory/sample-school.ts"
import { createLog } from "../log.ts"
import { start } from "../server.ts"
import { readSettings } from "../settings.ts"
import { readArguments } from "./arguments.ts"
import { untilStopped } from "./until-stopped.ts"

/** The educator whose token is printed. */
const EDUCATOR = 42

/** How long the demo's tokens hold, in seconds: a school day. */
const TOKEN_SECONDS = 12 * 3600

/** Serves a sample school with a page to play with. Nothing needs to be set; what is set counts. */
export async function demo(args: string[]): Promise<number> {
  readArguments(args, [], 0, "allim demo")
  const settings = readSettings(process.env, {
    HOST: "127.0.0.1",
    DATA_DIR: "./data/demo",
    LOG_LEVEL: "warn",
    SOURCES: `demo:${madeUp()}`,
    ...(!process.env.EDUCATOR_JWKS_URL && { EDUCATOR_TOKEN_SECRET: madeUp() }),
  })
  const log = createLog(settings.logLevel)
  const issue = (educator: number) => issueToken(educator, TOKEN_SECONDS, settings.tokens)
  const secret = settings.sources[0]?.secrets[0] ?? ""
  const page = { school: samplePage, secret, language: settings.defaultLanguage, issueToken: issue }
  const running = await start(settings, { log, demo: { page, directory: sampleSchool } })
  const stopped = untilStopped(running, settings.stopTimeout, log)
  console.log(welcome(running.url, await issue(EDUCATOR), secret))
  return stopped
}

function madeUp(): string {
  return randomBytes(24).toString("base64url")
}

/** The line posts a new event each time it is run. */
function welcome(url: string, token: string, secret: string): string {
  return `
  Allim demo: open ${url}

  Educator ${EDUCATOR}'s access token:
  ${token}

  A student hands in an assignment:
  curl ${url}/events -H 'Authorization: Bearer ${secret}' -H 'Content-Type: application/json' -d '{"id":"curl-'$(date +%s%N)'","type":"assignment.submitted","student":7,"data":{"assignmentId":9,"courseId":3}}'

  Ctrl+C stops it.
`
}
