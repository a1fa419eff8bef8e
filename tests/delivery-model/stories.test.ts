// What chance rarely meets, one fixed schedule for each rule; a rule of this world's storage has a control, which must fail without it.
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
function kept(name: string, { over = EVERYWHERE, given, without = [] }: Told, tell: Tell) {
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
function control(name: string, rules: Partial<Rules>, given: number, tell: Tell) {
  kept(name, { over: ["replica set"], given, without: rules.without }, tell)
  test(`(control) ${name}`, async () => {
    const { violations } = await simulate(story(tell), { over: "replica set", rules })
    expect(violations).not.toEqual([])
  })
}

/** The same of a withdrawal: one cure is enough `without` these others, and without it, too, somebody is failed in this way. */
function cured(name: string, { cure, fails, ...how }: Told & { cure: Cure; fails: Violation["what"] }, tell: Tell) {
  kept(name, how, tell)
  for (const one of how.over ?? EVERYWHERE)
    test(`(control) ${name} (${one})`, async () => {
      const { violations } = await told(tell, one, { without: [...(how.without ?? []), cure] })
      expect(violations.map(({ what }) => what)).toContain(fails)
    })
}

kept("what the bus drops is brought by the tail", { given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("bus drops", { process: 1, lasting: 1_000 })
  at(18_500).post("e1", { process: 0 })
})

kept("a process that is killed between recording and publishing has told nobody", { given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_500).post("e1", { process: 0, tries: 1 })
  at(18_504).kill(0, 5_000)
})

kept("a write that timed out comes true a minute later", { given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("writes late", { process: 0, lasting: 1_000, by: 60_000 })
  at(18_500).post("e1", { process: 0, tries: 1 })
})

kept("a watermark moves by a mark alone, not by what the bus brings", { given: 2 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("bus drops", { process: 1, lasting: 400 })
  at(18_100).post("e1", { process: 0 })
  at(18_600).post("e2", { process: 0 })
})

kept("a late copy of a message is not given again once the watermark has passed it", { given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("bus repeats", { process: 1, lasting: 1_000, by: 60_000 })
  at(18_500).post("e1", { process: 0 })
})

kept("nor is it when the watermark stands at its very position", { over: ["file"], given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("bus late", { process: 1, lasting: 1_000, by: 6_000 })
  at(18_500).post("e1", { process: 0 })
})

kept("a mark stands behind the rows that wait before it", { given: 2 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("presenting slow", { process: 1, lasting: 1_000, by: 30_000 })
  at(18_500).post("e1", { process: 0 })
  at(19_500).post("e2", { process: 0 })
})

kept("a mark stands behind the rows of its own read", { over: ["file"], given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("bus drops", { process: 1, lasting: 1_000 })
  at(18_500).post("e1", { process: 0 })
})

kept("a mark does not go to a room that was not read", { over: ["file"], given: 1 }, (at) => {
  at(1_000).connect("other", { educator: 2, process: 1 })
  at(20_000).spell("reads late", { process: 1, lasting: 50, by: 2_000 })
  at(20_060).connect("tab", { educator: 1, process: 1 })
  at(20_100).spell("bus drops", { process: 1, lasting: 1_000 })
  at(20_200).post("e1", { educators: [1], process: 0 })
})

kept("a mark does not go to a room whose rows could not be read", { over: ["file"], given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("bus drops", { process: 1, lasting: 1_000 })
  at(18_500).post("e1", { process: 0 })
  at(20_041).spell("database cut", { process: 1, lasting: 1_000 })
})

kept("the tail reads from the hindmost room on", { over: ["file"], given: 1 }, (at) => {
  at(1_000).connect("tab", { educator: 1, process: 1 })
  at(18_000).spell("bus drops", { process: 1, lasting: 1_000 })
  at(18_500).post("e1", { educators: [1], process: 0 })
  at(20_041).spell("database cut", { process: 1, lasting: 1_000 })
  at(22_000).connect("other", { educator: 2, process: 1 })
})

kept("what cannot be put into words is read again", { over: ["file"], given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("bus drops", { process: 1, lasting: 1_000 })
  at(18_500).post("e1", { process: 0 })
  at(20_000).spell("presenting fails", { process: 1, lasting: 1_000 })
})

kept("a count that was not answered is taken again", { given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_500).post("e1", { process: 0 })
  at(18_505).spell("database cut", { process: 1, lasting: 2_000 })
})

kept("a count that waited is not told after a newer one", { given: 2 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_000).spell("presenting fails", { process: 1, lasting: 4_000 })
  at(18_500).post("e1", { process: 0 })
  at(22_900).spell("bus drops", { process: 1, lasting: 1_000 })
  at(23_000).post("e2", { process: 0 })
})

kept("a seat is in its room before its position is read", { over: ["file"], given: 1 }, (at) => {
  at(20_000).connect("tab", { process: 1 })
  at(20_004).post("e1", { process: 0 })
})

kept("a seat whose position is being read is not passed over", { over: ["file"], given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(3_000).vanish("tab")
  at(18_000).spell("bus drops", { process: 1, lasting: 5_000 })
  at(20_026).connect("tab", { process: 1 })
  at(20_029).post("e1", { process: 0 })
})

kept("a first position holds the ids above its mark: what the page lists is not given", { given: 0 }, (at) => {
  at(18_000).post("e1", { process: 0 })
  at(20_000).connect("tab", { process: 1 })
})

kept("nor is any of 1,300 that were recorded in the ten seconds before", { given: 0 }, (at) => {
  for (const part of [0, 1, 2, 3, 4]) at(15_000 + 2_000 * part).post(`e${part}`, { process: 0, by: 260 })
  at(25_000).connect("tab", { process: 1 })
})

kept(
  "a first position, and its room, stay behind what may still be committed",
  { over: ["replica set"], given: 1 },
  (at) => {
    at(18_000).spell("commits stall", { lasting: 200, by: 2_000 })
    at(18_100).post("e1", { process: 0 })
    at(18_500).post("e2", { educators: [2], process: 1 })
    at(19_000).connect("tab", { educator: 1, process: 1 })
    at(19_900).spell("bus drops", { process: 1, lasting: 1_000 })
  },
)

kept(
  "what a client missed is replayed up to what may still be committed",
  { over: ["replica set"], given: 1 },
  (at) => {
    at(1_000).connect("tab", { educator: 1, process: 1 })
    at(15_000).vanish("tab")
    at(18_000).spell("commits stall", { lasting: 200, by: 2_000 })
    at(18_100).post("e1", { process: 0 })
    at(18_500).post("e2", { educators: [2], process: 1 })
    at(19_000).connect("tab", { educator: 1, process: 1 })
    at(19_900).spell("bus drops", { process: 1, lasting: 1_000 })
  },
)

kept("the rest of a batch is given again when the line breaks amid it", { given: 30 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(3_000).vanish("tab")
  at(10_000).post("e", { process: 0, by: 30 })
  at(20_000).connect("tab", { process: 0 })
  at(20_032).vanish("tab")
  at(22_000).connect("tab", { process: 1 })
})

kept("what a process heard by the bus, its cursor says it knew", { over: ["replica set"], given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(15_000).spell("reads lag", { process: 2, lasting: 45_000, by: 9_000 })
  at(24_500).post("e1", { process: 0 })
  at(24_520).vanish("tab")
  at(25_000).connect("tab", { process: 2 })
  at(36_000).post("e2", { educators: [2], process: 0 })
})

kept(
  "a process that knows less waits until it knows what the cursor does",
  { over: ["replica set"], given: 1 },
  (at) => {
    at(1_000).connect("tab", { process: 0 })
    at(15_000).spell("reads lag", { process: 1, lasting: 45_000, by: 9_000 })
    at(24_500).post("e1", { process: 0 })
    at(24_600).vanish("tab")
    at(25_000).connect("tab", { process: 1 })
  },
)

kept(
  "and when it does not come to know it, the page lists, and what it was given is not given again",
  { over: ["replica set"], given: 1 },
  (at) => {
    at(1_000).connect("tab", { process: 0 })
    at(15_000).spell("reads lag", { process: 1, lasting: 25_000, by: 14_000 })
    at(24_500).post("e1", { process: 0 })
    at(24_600).vanish("tab")
    at(25_000).connect("tab", { process: 1 })
  },
)

kept("a deposed primary answers what it knew", { over: ["replica set"], given: 2 }, (at) => {
  at(1_000).connect("tab", { process: 0 })
  at(20_000).spell("deposed", { process: 1, lasting: 20_000 })
  at(24_500).post("e1", { process: 0 })
  at(24_600).vanish("tab")
  at(24_700).post("e2", { process: 0 })
  at(25_000).connect("tab", { process: 1 })
})

kept("nor is what stood below its watermark", { over: ["replica set"], given: 2 }, (at) => {
  at(1_000).connect("tab", { process: 0 })
  at(10_000).post("e1", { process: 0 })
  at(32_000).spell("reads lag", { process: 1, lasting: 30_000, by: 45_000 })
  at(33_000).kill(1, 1_000)
  at(40_000).post("e2", { process: 0 })
  at(41_000).vanish("tab")
  at(42_000).connect("tab", { process: 1 })
})

kept("what was given keeps its place when its seat reads for itself", { over: ["replica set"], given: 2 }, (at) => {
  at(1_000).connect("tab", { process: 0 })
  at(10_000).post("e1", { process: 0 })
  at(32_000).spell("reads lag", { process: 1, lasting: 30_000, by: 35_000 })
  at(33_000).kill(1, 1_000)
  at(40_000).post("e2", { process: 0 })
  at(41_000).vanish("tab")
  at(42_000).connect("tab", { process: 1 })
})

kept("newest does not fall when it is deleted, though the clock was set back", { over: ["file"], given: 2 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(10_000).post("e1", { process: 0 })
  at(16_000).prune(-1_000)
  at(17_000).clock(0, -3_600_000)
  at(18_000).post("e2", { process: 0 })
})

kept(
  "a primary's clock that leaps passes nothing that was being written",
  { over: ["replica set"], given: 1 },
  (at) => {
    at(1_000).connect("tab", { educator: 1, process: 1 })
    at(2_000).connect("other", { educator: 2, process: 0 })
    at(18_500).spell("commits stall", { lasting: 200, by: 2_000 })
    at(18_600).post("e1", { educators: [1], process: 0 })
    at(19_000).leap(600_000)
    at(19_500).post("e2", { educators: [3], process: 1 })
  },
)

control("fill order is not commit order: a mark is SETTLE old", { settle: 0 }, 1, (at) => {
  at(1_000).connect("tab", { educator: 1, process: 1 })
  at(18_500).spell("commits stall", { lasting: 200, by: 2_000 })
  at(18_600).post("e1", { educators: [1], process: 0 })
  at(19_500).post("e2", { educators: [3], process: 1 })
})

control("reads are causal: a node that lags does not speak for what its asker knows", { causal: false }, 3, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(16_000).spell("reads lag", { process: 1, lasting: 34_000, by: 28_000 })
  at(18_000).spell("bus drops", { process: 1, lasting: 1_000 })
  at(18_500).post("e1", { process: 0 })
  at(20_500).post("e2", { process: 0 })
  at(38_000).post("e3", { process: 0 })
})

control("a list is read from the primary", { listsFromPrimary: false }, 0, (at) => {
  at(17_000).spell("reads lag", { process: 1, lasting: 10_000, by: 5_000 })
  at(18_500).post("e1", { process: 0 })
  at(20_000).connect("tab", { process: 0 })
})

control(
  "what no majority has is neither acknowledged nor given, and may be rolled back",
  { majority: false },
  1,
  (at) => {
    at(1_000).connect("tab", { process: 1 })
    at(18_000).spell("majority lags", { lasting: 1_000, by: 4_000 })
    at(18_500).post("e1", { process: 0 })
    at(20_000).rollback()
  },
)

cured(
  "a late copy of a message is not given once its event is withdrawn",
  { given: 0, cure: "copies", fails: "brought back" },
  (at) => {
    at(1_000).connect("tab", { process: 1 })
    at(18_500).spell("bus reorders", { process: 1, lasting: 100, by: 1_000 })
    at(18_550).post("e1", { process: 0 })
    at(18_700).withdraw("e1", { process: 0 })
  },
)

cured(
  "a process that was frozen holds a copy of what was withdrawn meanwhile, and not the notice",
  { given: 1, cure: "tail", fails: "brought back" },
  (at) => {
    at(1_000).connect("tab", { process: 1 })
    at(18_400).freeze(1, 3_000)
    at(18_500).post("e1", { process: 0 })
    at(18_700).spell("bus drops", { process: 1, lasting: 1_000 })
    at(18_800).withdraw("e1", { process: 0 })
  },
)

kept("a process that was frozen holds a copy and its notice", { given: 1, without: ["tail"] }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(18_400).freeze(1, 3_000)
  at(18_500).post("e1", { process: 0 })
  at(18_800).withdraw("e1", { process: 0 })
})

/** A write that outlives its sender, of what is withdrawn before it comes true. */
const outlives: Tell = (at) => {
  at(18_000).spell("writes late", { process: 0, lasting: 1_000, by: 100_000 })
  at(18_500).post("late", { process: 0, tries: 1 })
  at(18_600).kill(0, 1_000)
  at(19_000).withdraw("late", { process: 1 })
}

cured(
  "what a dead process's write brings back is looked for, though nobody listens",
  { given: 0, cure: "sweep", fails: "left behind" },
  outlives,
)

cured(
  "what a dead process's write brings back is taken away by whoever reads it for a listener",
  { given: 0, without: ["sweep"], cure: "rows", fails: "left behind" },
  (at) => {
    at(1_000).connect("tab", { process: 1 })
    outlives(at)
  },
)

cured(
  "what a dead process's write brings back is listed to nobody",
  { given: 0, without: ["sweep"], cure: "lists", fails: "listed again" },
  (at) => {
    outlives(at)
    at(125_000).connect("tab", { process: 1 })
  },
)

kept(
  "nor is it listed where a node that lags does not find it to take it away",
  { over: ["replica set"], given: 0 },
  (at) => {
    outlives(at)
    at(118_000).spell("reads lag", { process: 1, lasting: 10_000, by: 2_000 })
    at(118_600).connect("tab", { process: 0 })
  },
)

kept("a list that meets what a dead process's write brought back has it counted no more", { given: 0 }, (at) => {
  outlives(at)
  at(118_600).connect("tab", { process: 1 })
})

cured(
  "a client that was away learns what was withdrawn when it returns",
  { given: 1, cure: "return", fails: "brought back" },
  (at) => {
    at(1_000).connect("tab", { process: 1 })
    at(10_000).post("e1", { process: 0 })
    at(20_000).vanish("tab")
    at(25_000).withdraw("e1", { process: 0 })
    at(60_000).connect("tab", { process: 2 })
  },
)

cured(
  "so does one whose line breaks while it is told to refresh",
  { given: 1, cure: "return", fails: "brought back" },
  (at) => {
    at(1_000).connect("tab", { process: 1 })
    at(10_000).post("e1", { process: 0 })
    at(19_000).slow("tab", { lasting: 2_000, by: 5_000 })
    at(19_500).withdraw("e1", { process: 0 })
    at(20_500).vanish("tab")
    at(22_000).connect("tab", { process: 2 })
  },
)

cured("a notice that the bus drops is told by the tail", { given: 1, cure: "tail", fails: "brought back" }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(10_000).post("e1", { process: 0 })
  at(18_000).spell("bus drops", { process: 1, lasting: 1_000 })
  at(18_500).withdraw("e1", { process: 0 })
})

cured(
  "what is withdrawn before it is posted is recorded nowhere, though the bus says nothing",
  { given: 0, without: ["sweep", "tail"], cure: "look", fails: "left behind" },
  (at) => {
    at(10_000).spell("bus drops", { lasting: 10_000 })
    at(10_100).withdraw("e1", { process: 0 })
    at(12_000).post("e1", { process: 1 })
  },
)

cured(
  "a write that stalls while its event is withdrawn is taken back by its writer",
  { over: ["replica set"], given: 0, without: ["sweep"], cure: "look", fails: "left behind" },
  (at) => {
    at(18_000).spell("commits stall", { lasting: 10, by: 2_000 })
    at(18_002).post("e1", { process: 0 })
    at(18_050).withdraw("e1", { process: 1 })
  },
)

cured(
  "what is sent again after it was withdrawn is recorded nowhere",
  { given: 1, without: ["sweep", "rows"], cure: "look", fails: "left behind" },
  (at) => {
    at(1_000).connect("tab", { process: 1 })
    at(10_000).post("e1", { process: 0 })
    at(11_000).withdraw("e1", { process: 1 })
    at(12_000).post("e1", { process: 2 })
  },
)

kept("a seat that opens between a notice and what it takes away lists it no more", { given: 0 }, (at) => {
  at(18_000).post("e1", { process: 0 })
  at(18_990).withdraw("e1", { process: 0 })
  at(19_002.5).freeze(0, 3_000)
  at(19_100).connect("tab", { process: 1 })
})

kept("a process that is killed between a notice and what it takes away has left it to others", { given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 2 })
  at(18_000).post("e1", { process: 0 })
  at(18_990).withdraw("e1", { process: 0 })
  at(19_002.5).kill(0, 30_000)
})

const meeting: Tell = (at) => {
  at(1_000).connect("tab", { process: 2 })
  for (let moment = 0; moment < 30; moment++) {
    at(18_000 + 100 * moment).post(`e${moment}`, { process: 0 })
    at(18_000 + 100 * moment + moment - 12).withdraw(`e${moment}`, { process: 1 })
  }
}

kept("a POST and a DELETE meet at every moment of one another", { over: ["replica set"], given: 17 }, meeting)
kept("a POST and a DELETE meet at every moment of one another", { over: ["file"], given: 21 }, meeting)

kept("counts are exact after all of it", { given: 8 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  for (const event of [1, 2, 3, 4, 5, 6])
    at(10_000 + 1_000 * event).post(`e${event}`, { process: 0, educators: [1, 2] })
  at(18_000).connect("other", { educator: 2, process: 2 })
  at(18_000).spell("bus drops", { process: 1, lasting: 3_000 })
  for (const event of [1, 3, 5]) at(19_000 + 100 * event).withdraw(`e${event}`, { process: event % 2 })
  at(25_000).post("e7", { process: 0, educators: [1, 2] })
  outlives((moment) => at(moment + 10_000))
})

/** Its writer freezes once it has looked for a notice, which takes a replica set longer. */
for (const [over, looked] of [
  ["replica set", 18_411],
  ["file", 18_408],
] satisfies [Over, number][])
  cured(
    "what its writer publishes late, because it froze, is not given once it is withdrawn",
    { over: [over], given: 0, cure: "copies", fails: "brought back" },
    (at) => {
      at(1_000).connect("tab", { process: 1 })
      at(18_400).post("e1", { process: 0 })
      at(looked).freeze(0, 1_000)
      at(18_600).withdraw("e1", { process: 2 })
    },
  )

kept(
  "what is recorded before a notice, and after it was looked for, is taken away behind the notice",
  { given: 1, without: ["sweep"] },
  (at) => {
    at(1_000).connect("tab", { process: 2 })
    at(18_400).spell("writes late", { process: 1, lasting: 1_000, by: 50 })
    at(18_500).withdraw("e1", { process: 1 })
    at(18_508).post("e1", { process: 0 })
  },
)

cured(
  "a process that is cut off from history, and hears of a withdrawal, tells of it when it is back",
  { given: 1, cure: "tail", fails: "brought back" },
  (at) => {
    at(1_000).connect("tab", { process: 1 })
    at(10_000).post("e1", { process: 0 })
    at(18_400).spell("database cut", { process: 1, lasting: 20_000 })
    at(18_500).withdraw("e1", { process: 0 })
  },
)

kept(
  "when a withdrawal is answered, what was recorded while it was posted is gone",
  { given: 0, without: ["lists"] },
  (at) => {
    at(18_400).spell("writes late", { process: 1, lasting: 1_000, by: 50 })
    at(18_400).spell("bus drops", { lasting: 1_000 })
    at(18_500).withdraw("e1", { process: 1 })
    at(18_508).post("e1", { process: 0 })
    at(18_700).connect("tab", { process: 2 })
  },
)

kept("so is what a process left that was killed before, behind its notice", { given: 0, without: ["lists"] }, (at) => {
  at(20_500).post("e1", { process: 0 })
  at(21_000).withdraw("e1", { process: 0 })
  at(21_012.5).kill(0, 30_000)
  at(22_100).connect("tab", { process: 2 })
})

kept("notices are read again until what they name could be taken away", { over: ["file"], given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(10_000).post("e1", { process: 0 })
  at(18_000).spell("bus drops", { process: 1, lasting: 1_000 })
  at(18_500).withdraw("e1", { process: 0 })
  at(20_040).spell("database cut", { process: 1, lasting: 1_000 })
})

kept("notices are read behind history: no mark passes one that was not told", { over: ["file"], given: 2 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(10_000).post("e1", { process: 0 })
  at(20_025).spell("bus drops", { process: 1, lasting: 1_000 })
  at(20_025).withdraw("e1", { process: 0 })
  at(21_500).post("e2", { process: 0 })
  at(21_600).vanish("tab")
  at(22_000).connect("tab", { process: 2 })
})

kept("nor does a mark where notices could not be read", { over: ["file"], given: 2 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(10_000).post("e1", { process: 0 })
  at(18_000).spell("bus drops", { process: 1, lasting: 1_000 })
  at(18_500).withdraw("e1", { process: 0 })
  at(20_037).spell("database cut", { process: 1, lasting: 1_000 })
  at(24_000).post("e2", { process: 0 })
  at(24_500).vanish("tab")
  at(25_000).connect("tab", { process: 2 })
})

kept("nor does the mark of whoever returns", { over: ["file"], given: 1 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(10_000).post("e1", { process: 0 })
  at(15_500).vanish("tab")
  at(20_090).spell("bus drops", { process: 2, lasting: 500 })
  at(20_096).withdraw("e1", { process: 0 })
  at(20_100).connect("tab", { process: 2 })
  at(20_500).vanish("tab")
  at(21_000).connect("tab", { process: 1 })
})

cured(
  "processes that start again look for what was withdrawn before",
  { given: 0, cure: "sweep", fails: "left behind" },
  (at) => {
    outlives(at)
    for (const process of [0, 1, 2]) at(95_000 + process).kill(process, 1_000)
  },
)

kept("a burst is not counted as whole past a notice that was not told", { over: ["file"], given: 261 }, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(10_000).post("e1", { process: 0 })
  at(15_400).spell("bus drops", { process: 1, lasting: 200 })
  at(15_500).withdraw("e1", { process: 0 })
  at(16_000).post("burst", { process: 0, by: 260 })
  at(18_000).vanish("tab")
  at(19_000).connect("tab", { process: 2 })
})

control("a notice may be seen late: a mark is SETTLE old for it, too", { settle: 0 }, 1, (at) => {
  at(1_000).connect("tab", { educator: 1, process: 1 })
  at(10_000).post("e1", { educators: [1], process: 0 })
  at(18_400).spell("bus drops", { process: 1, lasting: 10_000 })
  at(18_500).spell("commits stall", { lasting: 200, by: 2_000 })
  at(18_600).withdraw("e1", { process: 0 })
  at(19_500).post("e2", { educators: [3], process: 1 })
})

control("a notice that no majority has takes nothing away", { majority: false, without: ["sweep"] }, 1, (at) => {
  at(1_000).connect("tab", { process: 1 })
  at(10_000).post("e1", { process: 0 })
  at(18_000).spell("majority lags", { lasting: 1_000, by: 4_000 })
  at(18_500).withdraw("e1", { process: 0 })
  at(20_000).rollback()
})

control(
  "whoever takes back an event reads what bears it as new as its notice",
  { causal: false, without: ["lists"] },
  0,
  (at) => {
    at(18_000).post("e1", { process: 0 })
    at(18_000).spell("bus drops", { lasting: 1_500 })
    at(18_000).spell("reads lag", { process: 2, lasting: 60_000, by: 1_000 })
    at(18_500).withdraw("e1", { process: 2 })
    at(18_700).connect("tab", { process: 0 })
    at(18_700).connect("other", { process: 0 })
  },
)
