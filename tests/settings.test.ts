import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SettingsError } from "../src/environment.ts"
import { readSettings, readTokenSettings } from "../src/settings.ts"

const enough = { EDUCATOR_TOKEN_SECRET: "secret", SOURCES: "university:key" }
const folder = mkdtempSync(join(tmpdir(), "allim-settings-"))
const file = (name: string) => join(folder, name)
beforeAll(() => {
  writeFileSync(file("secret"), "from-a-file\n")
  writeFileSync(file("empty"), "\n")
})
afterAll(() => rmSync(folder, { recursive: true }))

function mistakesOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment)
    return []
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes
    throw error
  }
}

test("what is required is enough, and everything else has its default", () => {
  expect(readSettings(enough)).toMatchObject({
    port: 3000,
    host: "0.0.0.0",
    dataDir: "./data",
    tokens: { keys: { secrets: ["secret"] }, claim: "userIndex" },
    sources: [{ name: "university", secrets: ["key"] }],
    allowedOrigins: [],
    defaultLanguage: "ko",
    retentionDays: 180,
    limits: {
      socketsPerToken: 20,
      socketsPerEducator: 100,
      unconnected: 5_000,
      connectWithin: 10,
      eventRate: 50,
      clientRate: 200,
      waitingBytes: 1_048_576,
      signedBytes: 33_554_432,
      spareDescriptors: 200,
    },
  })
})

test("all mistakes are told at once, and none of them repeats a secret", () => {
  const mistakes = mistakesOf({
    PORT: "80 80",
    SOURCES: "hunter2,ok:fine,:hunter2",
    ALLOWED_ORIGINS: "https://lms.example/path,lms.example",
    DEFAULT_LANGUAGE: "tlh",
    TIME_ZONE: "Mars/Olympus",
    RETENTION_DAYS: "0",
    FILTERABLE: "room,a$b",
    LOG_LEVEL: "loud",
    REDIS_URL: "redis://cache",
  })
  for (const name of [
    "PORT",
    "EDUCATOR_TOKEN_SECRET",
    "SOURCES: pair 1",
    "SOURCES: pair 3",
    "lms.example/path",
    '"lms.example"',
    "DEFAULT_LANGUAGE",
    "TIME_ZONE",
    "RETENTION_DAYS",
    "FILTERABLE",
    "LOG_LEVEL",
    "REDIS_URL",
  ])
    expect(mistakes.join("\n")).toContain(name)
  expect(mistakes.join("\n")).not.toContain("hunter2")
})

test("a value may come from a file, but not from two places", () => {
  const { EDUCATOR_TOKEN_SECRET: _, ...rest } = enough
  expect(readSettings({ ...rest, EDUCATOR_TOKEN_SECRET_FILE: file("secret") }).tokens.keys).toEqual({
    secrets: ["from-a-file"],
  })
  expect(mistakesOf({ ...enough, EDUCATOR_TOKEN_SECRET_FILE: file("secret") })).toHaveLength(1)
  expect(mistakesOf({ ...rest, EDUCATOR_TOKEN_SECRET_FILE: file("absent") }).join()).toContain("ENOENT")
  expect(mistakesOf({ ...rest, EDUCATOR_TOKEN_SECRET_FILE: file("empty") }).join()).toContain("empty")
})

test("lists, rotation, and secrets that hold colons", () => {
  const settings = readSettings({
    EDUCATOR_TOKEN_SECRET: "next, last",
    SOURCES: "university:new:key,college:other,university:old",
    ALLOWED_ORIGINS: "https://lms.example, http://localhost:8080",
  })
  expect(settings.tokens.keys).toEqual({ secrets: ["next", "last"] })
  expect(settings.sources).toEqual([
    { name: "university", secrets: ["new:key", "old"] },
    { name: "college", secrets: ["other"] },
  ])
  expect(settings.allowedOrigins).toEqual(["https://lms.example", "http://localhost:8080"])
})

test("tokens are verified by secrets or by a key set, not both", () => {
  const { EDUCATOR_TOKEN_SECRET: _, ...rest } = enough
  const keys = { jwksUrl: "https://id.example/keys", algorithms: ["RS256", "ES256", "EdDSA"] as const }
  expect(readSettings({ ...rest, EDUCATOR_JWKS_URL: keys.jwksUrl }).tokens.keys).toEqual(keys)
  expect(mistakesOf({ ...enough, EDUCATOR_JWKS_URL: keys.jwksUrl })).toHaveLength(1)
  expect(mistakesOf({ ...rest, EDUCATOR_JWKS_URL: "file:///keys", EDUCATOR_ALGORITHMS: "HS256" })).toHaveLength(2)
})

test("an empty value counts as unset, defaults count for what is unset, and the whole is frozen", () => {
  const settings = readSettings({ ...enough, PORT: "", HOST: " " }, { HOST: "127.0.0.1" })
  expect([settings.port, settings.host]).toEqual([3000, "127.0.0.1"])
  expect(Object.isFrozen(settings)).toBe(true)
  expect(() => readTokenSettings({})).toThrow(SettingsError)
})
