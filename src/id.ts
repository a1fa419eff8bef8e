/** Ids count milliseconds from here, 2020-01-01T00:00Z, so that 41 bits of them last until 2089. */
const EPOCH = 1_577_836_800_000

/** Ids of one millisecond: 12 of the 53 bits that a JavaScript number holds exactly. */
const PER_MILLISECOND = 4096

/** No clock makes an id above this: from here ids can only be counted, and 2^43 of them are left to whoever has to. */
const LAST = 2 ** 53 - 2 ** 43

/** The first id that can be made at `time` (milliseconds since 1970): everything before that moment is below it. */
export function idAt(time: number): number {
  return Math.min(Math.max(0, time - EPOCH) * PER_MILLISECOND, LAST)
}

/** The moment an id was made, in milliseconds since 1970. */
export function timeOf(id: number): number {
  return Math.floor(id / PER_MILLISECOND) + EPOCH
}
