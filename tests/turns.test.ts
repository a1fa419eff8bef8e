import { describe, expect, test } from "bun:test"
import { inTurns } from "../src/turns.ts"

/** Holds the event loop for so many milliseconds. */
function hold(milliseconds: number) {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

/** What happens, in order: each turn of the event loop, until it is stopped, and what the test notes. */
function watchTurns() {
  const seen: string[] = []
  let going = true
  const look = () => {
    if (!going) return
    seen.push("turn")
    setImmediate(look)
  }
  setImmediate(look)
  return {
    note: (what: string) => void seen.push(what),
    end() {
      going = false
      return seen
    },
  }
}

/** The longest row of notes that no turn interrupts. */
const longest = (seen: readonly string[]) =>
  Math.max(
    ...seen
      .join(" ")
      .split("turn")
      .map((notes) => notes.split(" ").filter(Boolean).length),
  )

describe("work in turns", () => {
  test("is the same as map, in order", async () => {
    expect(await inTurns(["a", "b", "c"], (item, index) => `${item}${index}`)).toEqual(["a0", "b1", "c2"])
    expect(await inTurns([], () => 1)).toEqual([])
  })

  test("lets others have a turn whenever it took long", async () => {
    const turns = watchTurns()
    await inTurns(Array(20).fill(3), (milliseconds) => {
      hold(milliseconds)
      turns.note("work")
    })
    const seen = turns.end()
    expect(seen.filter((what) => what === "work")).toHaveLength(20)
    expect(longest(seen)).toBeLessThanOrEqual(2)
  })

  test("of many at once holds others up no longer than that of one", async () => {
    const turns = watchTurns()
    const work = () =>
      inTurns(Array(10).fill(6), (milliseconds) => {
        hold(milliseconds)
        turns.note("work")
      })
    const first = Promise.all([work(), work(), work()])
    await new Promise(setImmediate) // each has begun
    turns.note("begun")
    await first
    const seen = turns.end()
    expect(longest(seen.slice(seen.indexOf("begun") + 1))).toBe(1)
  })

  test("ends with the first item that throws", async () => {
    const seen: number[] = []
    const work = inTurns([1, 2, 3], (item) => {
      seen.push(item)
      if (item === 2) throw new Error("no")
    })
    await expect(work).rejects.toThrow("no")
    expect(seen).toEqual([1, 2])
  })
})
