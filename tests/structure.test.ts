// The directions in which the code may know itself: what CONTRIBUTING.md draws, this holds.
import { expect, test } from "bun:test"
import { dirname, join } from "node:path"
import { Glob } from "bun"

/** Source texts by path from the project's directory. */
type Tree = ReadonlyMap<string, string>

/** What talks to a database or a broker, and only src/drivers.ts and the entry of threads may name. */
const driver = /^src\/(history|bus|directory)\/(sqlite|in-process|mongodb|redis|mariadb)/
const port = /^src\/(history\/(history|inbox|upkeep)|bus\/bus|directory\/directory)\.ts$/
const assembly = /^src\/(server|drivers|main)\.ts$|^src\/commands\//

type Rule = { from: RegExp; except?: RegExp; never: RegExp; because: string }

const rules: Rule[] = [
  {
    from: /^src\//,
    except: /^src\/server\.ts$/,
    never: /^(routes|realtime)\//,
    because: "only src/server.ts brings the ways in and out together",
  },
  { from: /^routes\//, never: /^realtime\//, because: "the ways in do not know the way out" },
  { from: /^realtime\//, never: /^routes\//, because: "the way out does not know the ways in" },
  { from: /^(routes|realtime)\//, never: assembly, because: "they are handed what they use" },
  { from: /^(src|routes|realtime)\//, never: /^web\//, because: "the server knows the bundled web assets only" },
  { from: /^web\//, never: /^(routes|realtime)\//, because: "pages use the public API" },
  { from: port, never: driver, because: "a port does not know its drivers" },
  {
    from: /./,
    except: /^src\/(drivers|threads\/main)\.ts$/,
    never: driver,
    because: "drivers are chosen in src/drivers.ts, and what they do in threads begins in src/threads/main.ts",
  },
]

const tree = await read(["src", "routes", "realtime", "web"])

test("every import goes in a permitted direction", () => {
  expect(tree.size).toBeGreaterThan(20)
  expect(wrongDirections(tree)).toEqual([])
})

test("the browser's code takes from src only the wire's names, besides types", () => {
  const wrong = edges(tree, atRunTime).filter(([from, to]) => from.startsWith("web/") && to.startsWith("src/"))
  expect(wrong.filter(([, to]) => to !== "src/wire.ts")).toEqual([])
})

test("relative imports name the file, with its ending", () => {
  const endless = [...tree].flatMap(([path, text]) =>
    written(text)
      .filter((target) => target.startsWith(".") && !/\.(ts|json|css)$/.test(target))
      .map((target) => `${path}: ${target}`),
  )
  expect(endless).toEqual([])
})

test("nothing imports itself in a circle", () => {
  expect(circles(tree)).toEqual([])
})

test("nothing that delivers asks what time it is: only a token's expiry does", () => {
  expect(mention(tree, /\bDate\b/, /^realtime\/(?!expiry\.ts$)/)).toEqual([])
})

test("what decides who is given what is handed its clock, its timers and its chances, so that a test can be the world", () => {
  const handed = /^(realtime\/(?!engine|runtimes|gateway|expiry|answer)|src\/(history\/marks|withdraw))/
  expect(mention(tree, /\b(Date|performance|setTimeout|setInterval|setImmediate|random\w*|crypto)\b/, handed)).toEqual(
    [],
  )
})

test("src speaks English: the wire's Korean names stay in the wire's files", () => {
  expect(koreanNames(tree)).toEqual([])
})

test("a tree that breaks each rule is reported", () => {
  const broken: Tree = new Map([
    ["src/notify.ts", `import { post } from "../routes/events.ts"`],
    ["src/history/history.ts", `import type { Row } from "./sqlite.ts"`],
    ["src/kinds/quiz.ts", `import {\n  query,\n} from "../directory/mariadb.ts"`],
    ["routes/events.ts", `export { rooms } from "../realtime/rooms.ts"\nimport "../src/server.ts"`],
    ["realtime/rooms.ts", `const events = await import("../routes/events.ts")`],
    ["web/bell/index.ts", `import type { Post } from "../../routes/events.ts"`],
    ["src/drivers.ts", `import { sqliteHistory } from "./history/sqlite.ts"`],
    ["src/history/sqlite.ts", `import { open } from "./sqlite-file.ts"`],
    ["src/server.ts", `import "../routes/events.ts" // this one may\nconst text = { 제목: "과제" } // 제목`],
    ["realtime/tail.ts", "const age = Date.now() - read // by Date"],
    ["realtime/seat.ts", "// Date\nconst updated = 1"],
    ["src/person.ts", `export const name = "김민수"\nexport const event = "get_알림"`],
  ])
  expect(wrongDirections(broken).map((line) => line.split(":")[0])).toEqual([
    "src/notify.ts -> routes/events.ts",
    "src/history/history.ts -> src/history/sqlite.ts",
    "src/kinds/quiz.ts -> src/directory/mariadb.ts",
    "routes/events.ts -> realtime/rooms.ts",
    "routes/events.ts -> src/server.ts",
    "realtime/rooms.ts -> routes/events.ts",
    "web/bell/index.ts -> routes/events.ts",
  ])
  expect(circles(broken)).toEqual([
    "routes/events.ts -> realtime/rooms.ts -> routes/events.ts",
    "routes/events.ts -> src/server.ts -> routes/events.ts",
  ])
  expect(mention(broken, /\bDate\b/, /^realtime\//)).toEqual(["realtime/tail.ts"])
  expect(koreanNames(broken)).toEqual(["src/server.ts: 제목", "src/person.ts: get_알림"])
})

async function read(directories: string[]): Promise<Tree> {
  const root = dirname(import.meta.dir)
  const paths = directories.flatMap((directory) => [...new Glob(`${directory}/**/*.ts`).scanSync(root)]).sort()
  return new Map(await Promise.all(paths.map(async (path) => [path, await Bun.file(join(root, path)).text()] as const)))
}

function wrongDirections(tree: Tree): string[] {
  return edges(tree, written).flatMap(([from, to]) => {
    const broken = rules.find((rule) => rule.from.test(from) && !rule.except?.test(from) && rule.never.test(to))
    const siblings = driver.test(from) && dirname(from) === dirname(to)
    return broken && !siblings ? [`${from} -> ${to}: ${broken.because}`] : []
  })
}

/** Every circle, once for each import that closes it. */
function circles(tree: Tree): string[] {
  const targets = Map.groupBy(edges(tree, atRunTime), ([from]) => from)
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, way: string[]) => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(" -> "))
    if (way.includes(path) || done.has(path)) return
    for (const [, to] of targets.get(path) ?? []) visit(to, [...way, path])
    done.add(path)
  }
  for (const path of tree.keys()) visit(path, [])
  return found
}

/** The files of these places whose code, comments aside, has such a word. */
function mention(tree: Tree, word: RegExp, where: RegExp): string[] {
  return [...tree].filter(([path, text]) => where.test(path) && word.test(code(text))).map(([path]) => path)
}

/** What is left without comments. */
function code(text: string): string {
  return text.replace(/\/\*.*?\*\/|(?<!:)\/\/.*?$/gms, "")
}

function koreanNames(tree: Tree): string[] {
  const theirs = /^(src\/wire[\w-]*\.ts|src\/locales\/|routes\/(openapi|asyncapi)|web\/)/
  return [...tree]
    .filter(([path]) => !theirs.test(path))
    .flatMap(([path, text]) => {
      const strings = code(text).match(/(["'`])(?:\\.|(?!\1).)*\1/gs) ?? []
      const names = strings
        .reduce((rest, string) => rest.replace(string, ""), code(text))
        .match(/[\w가-힣]*[가-힣][\w가-힣]*/g)
      const events = strings.flatMap((string) => string.match(/[\w/]*알림\w*/g) ?? [])
      return [...(names ?? []), ...events].map((name) => `${path}: ${name}`)
    })
}

/** Who imports whom, as paths from the project's directory. */
function edges(tree: Tree, importsOf: (text: string) => string[]): [from: string, to: string][] {
  return [...tree].flatMap(([path, text]) =>
    importsOf(text)
      .filter((target) => target.startsWith("."))
      .map((target): [string, string] => [path, join(dirname(path), target)]),
  )
}

/** What is left of the imports when types are gone. */
function atRunTime(text: string): string[] {
  return new Bun.Transpiler({ loader: "ts" }).scanImports(text).map(({ path }) => path)
}

/** All imports as written, those of types too. */
function written(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\b[^"'`;]*?\bfrom\s+"([^"]+)"/gm)
  return [...new Set([...[...statements].map(([, target]) => target ?? ""), ...atRunTime(text)])]
}
