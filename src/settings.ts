import { join } from "node:path"
import { type Environment, type Reader, readEnvironment } from "./environment.ts"
import type { Field } from "./history/condition.ts"
import { readFields } from "./history/fields.ts"
import { fieldsOfKinds } from "./kinds/kinds.ts"
import { defaultLimits, type Limits } from "./limits.ts"
import { type Language, languages } from "./locales/locales.ts"

export type KeyAlgorithm = "RS256" | "ES256" | "EdDSA"
export type KeySetSettings = { jwksUrl: string; algorithms: readonly KeyAlgorithm[] }

/** How access tokens are verified, and the claim that holds the educator's index. */
export type TokenSettings = { keys: { secrets: readonly string[] } | KeySetSettings; claim: string }

/** An LMS that may post events. Several secrets while one is being replaced by the next. */
export type Source = { name: string; secrets: readonly string[] }

export type Settings = Readonly<{
  port: number
  host: string
  dataDir: string
  tokens: TokenSettings
  sources: readonly Source[]
  allowedOrigins: readonly string[]
  defaultLanguage: Language
  timeZone: string
  /** Everything inside the data that may be filtered on: the kinds' own fields and those of FILTERABLE. */
  fields: readonly Field[]
  retentionDays: number
  /** Requests that one source may make in a second. */
  sourceRate: number
  limits: Limits
  /** Seconds that a stop may take. */
  stopTimeout: number
  logLevel: string
}>

const ALGORITHMS: readonly KeyAlgorithm[] = ["RS256", "ES256", "EdDSA"]
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const

/** Drivers to come, and the port each is for. */
const LATER = { REDIS_URL: "bus", MONGODB_URL: "history", MARIADB_URL: "directory" } as const

/** Everything that a server needs; `defaults` count for what is unset. Throws a `SettingsError` that lists every mistake. */
export function readSettings(environment: Environment, defaults?: Environment): Settings {
  const read = (reader: Reader): Settings => {
    for (const [name, port] of Object.entries(LATER))
      if (reader.text(name))
        reader.wrong(`${name} is set, but this version has only the embedded ${port}; leave it unset.`)
    return {
      port: portOf(reader),
      host: reader.text("HOST") ?? "0.0.0.0",
      dataDir: dataDirOf(reader),
      tokens: tokensOf(reader),
      sources: sourcesOf(reader),
      allowedOrigins: reader.list("ALLOWED_ORIGINS").map((origin) => originOf(origin, reader)),
      defaultLanguage: reader.oneOf("DEFAULT_LANGUAGE", "ko", languages),
      timeZone: timeZoneOf(reader),
      fields: readFields(reader.text("FILTERABLE") ?? "", fieldsOfKinds(), reader.wrong),
      retentionDays: reader.whole("RETENTION_DAYS", 180, 1, 36_500),
      sourceRate: reader.whole("SOURCE_RATE", 1000, 1, 1_000_000),
      limits: limitsOf(reader),
      stopTimeout: reader.whole("STOP_TIMEOUT", 10, 1, 600),
      logLevel: reader.oneOf("LOG_LEVEL", "info", LEVELS),
    }
  }
  return readEnvironment(environment, read, defaults)
}

/** The part that `token` needs. */
export function readTokenSettings(environment: Environment): TokenSettings {
  return readEnvironment(environment, tokensOf)
}

/** The part that `import` needs. */
export function readDataDir(environment: Environment): Pick<Settings, "dataDir"> {
  return readEnvironment(environment, (reader) => ({ dataDir: dataDirOf(reader) }))
}

/** The part that `health` needs. */
export function readPort(environment: Environment): Pick<Settings, "port"> {
  return readEnvironment(environment, (reader) => ({ port: portOf(reader) }))
}

/** Where an embedded driver keeps its file. */
export function dataFile({ dataDir }: Pick<Settings, "dataDir">, name: string): string {
  return join(dataDir, name)
}

const portOf = (reader: Reader) => reader.whole("PORT", 3000, 0, 65_535)

const dataDirOf = (reader: Reader) => reader.text("DATA_DIR") ?? "./data"

function tokensOf(reader: Reader): TokenSettings {
  return { keys: keysOf(reader), claim: reader.text("EDUCATOR_CLAIM") ?? "userIndex" }
}

function keysOf({ text, list, wrong }: Reader): TokenSettings["keys"] {
  const secrets = list("EDUCATOR_TOKEN_SECRET")
  const jwksUrl = text("EDUCATOR_JWKS_URL")
  if (jwksUrl && secrets.length > 0) wrong("EDUCATOR_TOKEN_SECRET and EDUCATOR_JWKS_URL are both set; keep one.")
  if (!jwksUrl && secrets.length === 0)
    wrong("EDUCATOR_TOKEN_SECRET or EDUCATOR_JWKS_URL is required: how educators' access tokens are verified.")
  if (!jwksUrl) return { secrets }
  if (!/^https?:$/.test(URL.parse(jwksUrl)?.protocol ?? "")) wrong("EDUCATOR_JWKS_URL must be an http or https URL.")
  const asked = list("EDUCATOR_ALGORITHMS")
  const algorithms = asked.length > 0 ? ALGORITHMS.filter((algorithm) => asked.includes(algorithm)) : ALGORITHMS
  if (asked.length > algorithms.length) wrong(`EDUCATOR_ALGORITHMS must be some of ${ALGORITHMS.join(", ")}.`)
  return { jwksUrl, algorithms }
}

function sourcesOf({ list, wrong }: Reader): Source[] {
  const pairs = list("SOURCES")
  if (pairs.length === 0)
    wrong("SOURCES is required: name:secret pairs, comma-separated, of the LMSs that may post events.")
  const sources = new Map<string, string[]>()
  for (const [index, pair] of pairs.entries()) {
    const [, name, secret] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,62}):(.+)$/.exec(pair) ?? []
    if (name && secret) sources.set(name, [...(sources.get(name) ?? []), secret])
    else
      wrong(
        `SOURCES: pair ${index + 1} must be name:secret, the name of letters, digits, ".", "_" and "-", 63 at most.`,
      )
  }
  return [...sources].map(([name, secrets]) => ({ name, secrets }))
}

function limitsOf({ whole }: Reader): Limits {
  return {
    socketsPerToken: whole("SOCKETS_PER_TOKEN", defaultLimits.socketsPerToken, 1, 1_000_000),
    socketsPerEducator: whole("SOCKETS_PER_EDUCATOR", defaultLimits.socketsPerEducator, 1, 1_000_000),
    unconnected: whole("UNCONNECTED", defaultLimits.unconnected, 1, 1_000_000),
    connectWithin: whole("CONNECT_WITHIN", defaultLimits.connectWithin, 1, 3_600),
    eventRate: whole("EVENT_RATE", defaultLimits.eventRate, 1, 1_000_000),
    clientRate: whole("CLIENT_RATE", defaultLimits.clientRate, 1, 1_000_000),
    waitingBytes: whole("WAITING_BYTES", defaultLimits.waitingBytes, 131_072, 1_073_741_824),
    signedBytes: whole("SIGNED_BYTES", defaultLimits.signedBytes, 10_485_760, 17_179_869_184),
    spareDescriptors: whole("SPARE_DESCRIPTORS", defaultLimits.spareDescriptors, 0, 1_000_000),
  }
}

function originOf(value: string, { wrong }: Reader): string {
  const url = URL.parse(value)
  const plain = url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`
  if (!plain) wrong(`ALLOWED_ORIGINS: "${value}" must be an origin such as https://lms.example, without a path.`)
  return plain ? url.origin : value
}

function timeZoneOf({ text, wrong }: Reader): string {
  const value = text("TIME_ZONE") ?? "Asia/Seoul"
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone
  } catch {
    wrong("TIME_ZONE must be an IANA time zone such as Asia/Seoul.")
    return "UTC"
  }
}
