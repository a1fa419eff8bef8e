import { type Bounds, generate } from "./generate.ts"
import { shrink } from "./shrink.ts"
import { type Options, simulate } from "./world.ts"

type Campaign = { options: Options; seed: number; runs: number; bounds: Bounds }

/**
 * Runs the schedules of this seed and those after it. Throws, at the first in which a client was failed, the smallest story of it; answers
 * how many notifications were given, and how often a refresh had to help.
 */
export async function campaign({ options, seed: first, runs, bounds }: Campaign) {
  let given = 0
  let refreshes = 0
  for (let seed = first; seed < first + runs; seed++) {
    const result = await simulate(generate(seed, bounds), options)
    given += result.given
    refreshes += result.refreshes
    if (result.violations.length > 0) throw new Error(await smallest(seed, { options, bounds }))
  }
  return { given, refreshes }
}

/** The smallest schedule that fails as this seed's does, for whoever has to find out why. */
async function smallest(seed: number, { options, bounds }: Pick<Campaign, "options" | "bounds">): Promise<string> {
  const schedule = generate(seed, bounds)
  const { violations } = await simulate(schedule, options)
  const kinds = new Set(violations.map(({ what }) => what))
  const small = await shrink(schedule, async (smaller) => {
    const { violations } = await simulate(smaller, options)
    return violations.some(({ what }) => kinds.has(what))
  })
  const told = await simulate(small, { ...options, telling: true })
  return [
    `over a ${options.over}, seed ${seed}: ${JSON.stringify(told.violations)}`,
    ...told.log,
    JSON.stringify(small),
    `again: DELIVERY_SEED=${seed} DELIVERY_RUNS=2 bun test tests/delivery-model/random.test.ts`,
  ].join("\n")
}
