// How a story is tried: what is told in it, and that it would fail somebody without the rule or the cure that it is about.
import { expect, test } from "bun:test"
import { join } from "node:path"
import { temporaryDirectory } from "../program.ts"
import type { Violation } from "./checkers.ts"
import type { Cure } from "./cures.ts"
import type { Rules } from "./store.ts"
import { story, type Tell } from "./story.ts"
import { type Over, simulate } from "./world.ts"

const EVERYWHERE: readonly Over[] = ["replica set", "file"]

type Told = { over?: readonly Over[]; given: number; without?: readonly Cure[] }

/** Nobody is failed in it, wherever history is kept; `given` says how many notifications clients are given in all. */
export function kept(name: string, { over = EVERYWHERE, given, without = [] }: Told, tell: Tell) {
  for (const one of over)
    test(`${name} (${one})`, async () => {
      const { violations, log, ...result } = await told(tell, one, { without })
      if (violations.length > 0) throw new Error([JSON.stringify(violations), ...log].join("\n"))
      expect(result.given).toBe(given)
    })
}

async function told(tell: Tell, over: Over, rules: Partial<Rules>) {
  // A file of its own, which every process opens for itself.
  using directory = temporaryDirectory()
  const path = over === "file" ? join(directory.path, "history.sqlite") : undefined
  return await simulate(story(tell), { over, rules, path, telling: true })
}

/** The same, and with one rule of a replica set's off somebody is failed. */
export function control(name: string, rules: Partial<Rules>, given: number, tell: Tell) {
  kept(name, { over: ["replica set"], given, without: rules.without }, tell)
  test(`(control) ${name}`, async () => {
    const { violations } = await simulate(story(tell), { over: "replica set", rules })
    expect(violations).not.toEqual([])
  })
}

/** The same of a withdrawal: one cure is enough `without` these others, and without it, too, somebody is failed in this way. */
export function cured(
  name: string,
  { cure, fails, ...how }: Told & { cure: Cure; fails: Violation["what"] },
  tell: Tell,
) {
  kept(name, how, tell)
  for (const one of how.over ?? EVERYWHERE)
    test(`(control) ${name} (${one})`, async () => {
      const { violations } = await told(tell, one, { without: [...(how.without ?? []), cure] })
      expect(violations.map(({ what }) => what)).toContain(fails)
    })
}
