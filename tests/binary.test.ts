// The built executable inside the container image's root file system, as an engine would run it: nothing else in it, no
// environment but what is named, not root, a read-only root with a writable /data.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import packageJson from "../package.json" with { type: "json" }

const user = 65532
const settings = {
  DATA_DIR: "/data",
  HOST: "127.0.0.1",
  PORT: "0",
  EDUCATOR_TOKEN_SECRET: "a secret that signs the tokens of educators",
  SOURCES: "school:a-secret-of-the-school",
}
const event = {
  id: "loan-1",
  type: "library.overdue",
  time: "2026-11-22T05:30:00Z",
  student: 7,
  educators: [42],
  data: {},
}

/** The mounts last as long as the process: they are made in a mount namespace of its own. */
const enter = `set -e
mount --bind "$0" "$0"
mount --bind "$0/data" "$0/data"
mount -t proc proc "$0/proc"
mount -o remount,bind,ro "$0"
exec env -i "$@"`

const canMount = process.getuid?.() === 0 && Bun.spawnSync(["unshare", "--mount", "true"]).success

describe.skipIf(!canMount)(`the executable in its image${canMount ? "" : " (needs root and mount namespaces)"}`, () => {
  let temporary: string
  let image: string

  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), "image-"))
    image = join(temporary, "root") // readable by all, which a temporary directory is not
    const layout = Bun.spawnSync([process.execPath, join(import.meta.dir, "../scripts/image.ts"), image])
    if (!layout.success) throw new Error(`npm run build comes first: ${layout.stderr}`)
    await mkdir(join(image, "proc")) // engines mount it too
  })
  afterAll(() => rm(temporary, { recursive: true }))

  test("says its version and its commands", async () => {
    expect(await run(["--version"], {})).toEqual({ code: 0, out: `${packageJson.version}\n`, err: "" })
    const { code, out } = await run(["--help"], {})
    expect(code).toBe(0)
    for (const command of ["serve", "demo", "token", "check", "import", "health"]) expect(out).toContain(command)
  })

  test("checks settings, and lists every mistake at once", async () => {
    expect(await run(["check"])).toMatchObject({ code: 0, err: "" })
    const { code, err } = await run(["serve"], { DATA_DIR: "/data", PORT: "many" })
    expect(code).toBe(1)
    for (const name of ["PORT", "EDUCATOR_TOKEN_SECRET", "SOURCES"]) expect(err).toContain(name)
  })

  test("cannot write outside its data directory, and says so", async () => {
    const { code, err } = await run(["serve"], { ...settings, DATA_DIR: "/elsewhere" })
    expect(code).toBe(1)
    expect(err).toContain("/elsewhere cannot be written to (EROFS)")
    expect(err.trim().split("\n")).toHaveLength(1)
  })

  test("serves: an event that is posted is listed again, also by the next process", async () => {
    const token = (await run(["token", "--educator", "42"])).out.trim()
    {
      await using server = await serve(["serve"])
      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
      expect(await run(["health"], { PORT: new URL(server.url).port })).toMatchObject({ code: 0 })
      const posted = await fetch(`${server.url}/events`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer a-secret-of-the-school" },
        body: JSON.stringify(event),
      })
      expect(posted.status).toBe(202)
      expect(await list(server.url, token)).toMatchObject([{ 유형: event.type, 학생_유저인덱스: 7 }])
      expect(await server.stop()).toBe(0)
    }
    await using next = await serve(["serve"])
    expect(await list(next.url, token)).toMatchObject([{ 유형: event.type, 학생_유저인덱스: 7 }])
    expect((await stat(join(image, "data/history.sqlite"))).uid).toBe(user)
  })

  test("health tells when nothing answers", async () => {
    expect(await run(["health"], { PORT: "9" })).toMatchObject({ code: 1 })
  })

  test("carries the demo's page, the bell and the stock client", async () => {
    await using demo = await serve(["demo"], { DATA_DIR: "/data", PORT: "0" })
    for (const path of ["/", "/demo.js", "/demo.css", "/bell.js", "/socket.io/socket.io.js", "/docs", "/favicon.svg"]) {
      const response = await fetch(demo.url + path)
      expect([path, response.status, (await response.text()).length > 100]).toEqual([path, 200, true])
    }
  })

  function spawn(args: string[], environment: Record<string, string>) {
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
    const chroot = ["/usr/sbin/chroot", `--userspec=${user}:${user}`, "--groups=", image, "/allim"]
    return Bun.spawn(["unshare", "--mount", "sh", "-c", enter, image, ...variables, ...chroot, ...args], {
      stdout: "pipe",
      stderr: "pipe",
    })
  }

  async function run(args: string[], environment: Record<string, string> = settings) {
    await using process = spawn(args, environment)
    const [out, err, code] = await Promise.all([
      new Response(process.stdout).text(),
      new Response(process.stderr).text(),
      process.exited,
    ])
    return { code, out, err }
  }

  async function serve(args: string[], environment: Record<string, string> = settings) {
    const process = spawn(args, environment)
    const url = await firstMatch(process.stdout, /http:\/\/[\w.]+:\d+/)
    const stop = () => {
      process.kill("SIGTERM")
      return process.exited
    }
    return { url, stop, [Symbol.asyncDispose]: async () => void (await stop()) }
  }
})

async function list(url: string, token: string): Promise<unknown> {
  const response = await fetch(`${url}/notifications`, { headers: { authorization: `Bearer ${token}` } })
  return ((await response.json()) as { items: unknown }).items
}

/** The first match in what a process says. Reading goes on after it, or the process would be stopped by a full pipe. */
function firstMatch(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<string> {
  const found = Promise.withResolvers<string>()
  const read = async () => {
    const decoder = new TextDecoder()
    let text = ""
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true })
      const [match] = pattern.exec(text) ?? []
      if (match) found.resolve(match)
    }
    found.reject(new Error(`it ended with:\n${text}`))
  }
  read().catch(found.reject)
  return found.promise
}
