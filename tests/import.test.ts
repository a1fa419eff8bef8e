import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { batchesIn } from "../src/commands/import-file.ts"
import type { WritableDirectory } from "../src/directory/directory.ts"
import type { Batch } from "../src/directory/lines.ts"
import { sqliteDirectory } from "../src/directory/sqlite.ts"
import { StartError } from "../src/start-error.ts"
import { run, temporaryDirectory } from "./program.ts"

let folder: ReturnType<typeof temporaryDirectory>
let directory: WritableDirectory
beforeEach(() => {
  folder = temporaryDirectory()
  mkdirSync(join(folder.path, "data"))
  directory = sqliteDirectory({ path: join(folder.path, "data", "directory.sqlite") })
})
afterEach(async () => {
  await directory.close()
  folder[Symbol.dispose]()
})

const textOf = (lines: readonly (object | string)[], ending = "\n") =>
  lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)) + ending).join("")

/** Imports a file of this text, as somebody would, while this process has the directory open. */
async function imported(text: string) {
  const path = join(folder.path, "school.jsonl")
  writeFileSync(path, text)
  const result = await run(["import", path], { DATA_DIR: join(folder.path, "data") })
  return { path, ...result }
}

const nameOf = async (student: number) => (await directory.find("student", [student])).get(student)?.name
const told = async (student: number, course: number) =>
  (await directory.recipientsOf([{ student, course, works: [] }]))[0]?.recipients.map(({ educator }) => educator)

const minsu = { id: 7, userId: "minsu", name: "김민수" }

describe("import by lines", () => {
  test("writes each row by the kind above it, counts them, and may be done again", async () => {
    const text = textOf([
      { kind: "students" },
      minsu,
      "",
      { id: 8, userId: "siwoo", name: "윤시우" },
      { kind: "courses" },
      { id: 3, name: "중1 수학" },
      { kind: "courseStaff" },
      { course: 4, educator: 60 },
      { kind: "rosters" },
      {
        course: 3,
        staff: [{ educator: 42, section: "A" }, { educator: 43 }],
        students: [{ student: 7, section: "A" }],
      },
      { course: 4, staff: [{ educator: 61 }], students: [] },
      { kind: "students" },
      { id: 9, userId: "soyul", name: "장소율" },
    ])
    const { out, err, code } = await imported(text)
    expect({ err, code }).toEqual({ err: "", code: 0 })
    expect(out).toBe(
      "students: 3 read, 3 changed\ncourses: 1 read, 1 changed\ncourseStaff: 1 read, 1 changed\nrosters: 2 read, 2 changed\n",
    )
    expect([await nameOf(7), await nameOf(9), await told(7, 3), await told(7, 4)]).toEqual([
      "김민수",
      "장소율",
      [42, 43],
      [61],
    ])
    const again = await imported(text)
    expect(again.out).toContain("students: 3 read, 0 changed")
    // It takes away who is in the roster of course 4 again, and adds whom that has taken away.
    expect(again.out).toContain("courseStaff: 1 read, 1 changed\nrosters: 2 read, 1 changed")
  })

  test("takes CRLF and a byte order mark", async () => {
    const { out, code } = await imported(`\uFEFF${textOf([{ kind: "students" }, minsu], "\r\n")}`)
    expect({ out, code }).toEqual({ out: "students: 1 read, 1 changed\n", code: 0 })
    expect(await nameOf(7)).toBe("김민수")
  })

  test("changes nothing when any line is wrong, and says which", async () => {
    const rows = Array.from({ length: 10_001 }, (_, index) => ({ ...minsu, id: index + 1 }))
    const lines = [{ kind: "students" }, ...rows, { kind: "courses" }, { id: 3, name: "중1 수학" }]
    const { path, out, err, code } = await imported(textOf([...lines, { id: "four", name: "" }, "{"]))
    expect({ out, code }).toEqual({ out: "", code: 1 })
    expect(err.split("\n").map((line) => line.split(": ").slice(0, 2).join(": "))).toEqual([
      `${path} is not acceptable, and nothing of it is imported:`,
      "  - line 10005: #/id",
      "  - line 10005: #/name",
      "  - line 10006: is not JSON",
      "",
    ])
    expect(await nameOf(1)).toBeUndefined()
    expect((await directory.find("course", [3])).size).toBe(0)
  })

  test("names a misspelt kind once, and twenty mistakes at most", async () => {
    const misspelt = await imported(textOf([{ kind: "studnets" }, minsu, minsu]))
    expect(misspelt.err).toContain("line 1: #/kind")
    expect(misspelt.err.trim().split("\n")).toHaveLength(2)
    const many = await imported(textOf([{ kind: "students" }, ...Array(30).fill({ id: 0, userId: "", name: "" })]))
    expect(many.err.trim().split("\n")).toHaveLength(21)
  })

  test("stops where a file has changed since it was checked", () => {
    const path = join(folder.path, "school.jsonl")
    writeFileSync(path, textOf([{ kind: "students" }, minsu]))
    const batches = batchesIn(path)
    writeFileSync(path, textOf([{ kind: "students" }, minsu, { kind: "courses" }, { id: 0 }]))
    const found: Batch[] = []
    expect(() => {
      for (const batch of batches) found.push(batch)
    }).toThrow(StartError)
    expect(found).toEqual([])
  })

  test("says so when the directory is kept by another process, and can be done again", async () => {
    const other = new DatabaseSync(join(folder.path, "data", "directory.sqlite"))
    other.exec("BEGIN IMMEDIATE")
    const { err, code } = await imported(textOf([{ kind: "students" }, minsu]))
    expect(code).toBe(1)
    expect(err.trim().split("\n")).toHaveLength(1)
    expect(err).toContain("import the file again")
    other.close()
  })
})

describe("import of one document", () => {
  test("counts what it read and changed", async () => {
    const { out } = await imported(JSON.stringify({ students: [minsu], courses: [] }, null, 2))
    expect(out).toBe("students: 1 read, 1 changed\ncourses: 0 read, 0 changed\n")
    expect(await nameOf(7)).toBe("김민수")
  })
})
