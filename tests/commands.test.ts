import { describe, expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import packageJson from "../package.json" with { type: "json" }
import { tokenVerifier } from "../src/access-token.ts"
import { run, SETTINGS, serve, temporaryDirectory } from "./program.ts"

const { EDUCATOR_TOKEN_SECRET } = SETTINGS

describe("the command line", () => {
  test("--version and --help", async () => {
    expect(await run(["--version"])).toMatchObject({ out: `${packageJson.version}\n`, code: 0 })
    const { out, code } = await run(["--help"])
    expect(code).toBe(0)
    for (const word of ["serve", "demo", "token", "check", "import", "health", "EDUCATOR_TOKEN_SECRET", "SOURCES"])
      expect(out).toContain(word)
  })

  test("a word or option it does not know is told in a sentence", async () => {
    for (const args of [
      ["srve"],
      ["serve", "now"],
      ["token"],
      ["token", "--educator", "0"],
      ["token", "--nobody"],
      ["import"],
      ["constructor"],
    ]) {
      const { err, code } = await run(args)
      expect(code).toBe(1)
      expect(err.trim().split("\n").length).toBe(1)
      expect(err).not.toContain("at ")
    }
  })

  test("serve lists every mistake at once, and repeats no secret", async () => {
    const { err, out, code } = await run(["serve"], { PORT: "x", SOURCES: "hunter2" })
    expect(code).toBe(1)
    for (const name of ["PORT", "SOURCES", "EDUCATOR_TOKEN_SECRET"]) expect(err).toContain(name)
    expect(err + out).not.toContain("hunter2")
  })
})

describe("token", () => {
  test("prints what the server accepts", async () => {
    const { out } = await run(["token", "--educator", "42", "--hours", "1"], { EDUCATOR_TOKEN_SECRET })
    const verify = tokenVerifier({ keys: { secrets: [EDUCATOR_TOKEN_SECRET] }, claim: "userIndex" })
    const { index, expiresAt = 0 } = await verify(out.trim())
    expect(index).toBe(42)
    expect(Math.abs(expiresAt - Date.now() - 3_600_000)).toBeLessThan(60_000)
  })
})

describe("check", () => {
  test("says that all is well, or what is not", async () => {
    using directory = temporaryDirectory()
    const well = await run(["check"], { ...SETTINGS, DATA_DIR: directory.path })
    expect(well).toMatchObject({ code: 0, err: "" })
    for (const part of ["settings", "history", "bus", "directory"]) expect(well.out).toMatch(new RegExp(`${part} +ok`))
    expect(well.out).not.toContain(EDUCATOR_TOKEN_SECRET)
    const ill = await run(["check"], { ...SETTINGS, DATA_DIR: "/proc/allim" })
    expect(ill.code).toBe(1)
    expect(ill.err).toContain("DATA_DIR /proc/allim cannot be written to")
  })
})

describe("import", () => {
  test("fills the directory, also while a server is running", async () => {
    using directory = temporaryDirectory()
    const server = await serve({ DATA_DIR: directory.path })
    try {
      const file = join(directory.path, "school.json")
      writeFileSync(
        file,
        JSON.stringify({
          students: [{ id: 7, userId: "minsu", name: "김민수" }],
          teaches: [{ educator: 42, student: 7 }],
        }),
      )
      const imported = await run(["import", file], { DATA_DIR: directory.path })
      expect(imported).toMatchObject({ code: 0, out: expect.stringContaining("students: 1") })
      const response = await fetch(`${server.url}/events`, {
        method: "POST",
        headers: { Authorization: "Bearer the-secret-of-the-university", "Content-Type": "application/json" },
        body: JSON.stringify({ id: "1", type: "question.asked", student: 7, data: { courseId: 3, question: "?" } }),
      })
      expect(await response.json()).toMatchObject({ results: [{ status: "accepted", notifications: 1 }] })
    } finally {
      await server.end("SIGTERM")
    }
  })

  test("a file that is absent, not JSON or not a directory is told in a sentence", async () => {
    using directory = temporaryDirectory()
    const environment = { DATA_DIR: directory.path }
    const file = join(directory.path, "bad.json")
    expect((await run(["import", file], environment)).err).toContain("ENOENT")
    writeFileSync(file, "{")
    expect((await run(["import", file], environment)).err).toContain("is not JSON")
    writeFileSync(file, JSON.stringify({ students: [{ id: "seven" }] }))
    const { err, code } = await run(["import", file], environment)
    expect(code).toBe(1)
    expect(err).toContain("students")
  })
})

describe("a running server", () => {
  test("health asks it, a second one on its port or directory says so, and SIGTERM ends it cleanly", async () => {
    using directory = temporaryDirectory()
    using other = temporaryDirectory()
    const server = await serve({ DATA_DIR: directory.path })
    const { port } = new URL(server.url)
    expect(await run(["health"], { PORT: port })).toMatchObject({ code: 0, out: "ready\n" })
    const samePort = await run(["serve"], { ...SETTINGS, PORT: port, DATA_DIR: other.path })
    expect(samePort).toMatchObject({
      code: 1,
      err: `Port ${port} is taken: stop what is using it, or set PORT to another one.\n`,
    })
    const sameDirectory = await run(["serve"], { ...SETTINGS, DATA_DIR: directory.path })
    expect(sameDirectory.code).toBe(1)
    expect(sameDirectory.err).toContain("Another allim is using")
    const beside = await run(["check"], { ...SETTINGS, DATA_DIR: directory.path })
    expect(beside).toMatchObject({ code: 0, out: expect.stringContaining("a running allim has") })
    expect(await server.end("SIGTERM")).toBe(0)
    expect((await run(["health"], { PORT: port })).code).toBe(1)
  })

  test("health says what a degraded server is without, and that one is not ready", async () => {
    let answer = () => Response.json({ status: "degraded", degraded: ["directory", "bus"] })
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => answer() })
    const PORT = String(server.port)
    expect(await run(["health"], { PORT })).toMatchObject({
      code: 0,
      out: "ready, but degraded: directory, bus does not answer\n",
    })
    answer = () => Response.json({ detail: "Not answering: history." }, { status: 503 })
    expect(await run(["health"], { PORT })).toMatchObject({ code: 1, out: expect.stringContaining("history") })
    await server.stop(true)
  })

  test("no secret and no name reaches the log", async () => {
    using directory = temporaryDirectory()
    const server = await serve({ DATA_DIR: directory.path, LOG_LEVEL: "trace" })
    const token = (await run(["token", "--educator", "42"], { EDUCATOR_TOKEN_SECRET })).out.trim()
    const authorization = { Authorization: `Bearer ${token}` }
    await fetch(`${server.url}/notifications?student=7`, { headers: authorization })
    await fetch(`${server.url}/events?secret=the-secret-of-the-university`, {
      method: "POST",
      headers: { Authorization: "Bearer the-secret-of-the-university", "Content-Type": "application/json" },
      body: JSON.stringify({ id: "1", type: "library.visited", student: 7, data: { name: "김민수" } }),
    })
    await fetch(`${server.url}/events`, { method: "POST", headers: authorization })
    await server.end("SIGTERM")
    const log = server.log()
    expect(log.match(/"msg":"request"/g)?.length).toBe(3)
    for (const secret of [token, EDUCATOR_TOKEN_SECRET, "the-secret-of-the-university", "김민수"])
      expect(log).not.toContain(secret)
  })
})
