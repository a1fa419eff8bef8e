/** Draws that are always the same for a seed. */
export type Chance = {
  /** From 0 up to 1. */
  draw(): number
  between(low: number, high: number): number
  one<T>(of: readonly T[]): T
  /** Some of them, in order, each with this likelihood. */
  some<T>(of: readonly T[], likelihood: number): T[]
}

/** Mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  function draw() {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number) => Math.floor(low + draw() * (high - low + 1))
  return {
    draw,
    between,
    one: <T>(of: readonly T[]) => of[between(0, of.length - 1)] as T,
    some: (of, likelihood) => of.filter(() => draw() < likelihood),
  }
}
