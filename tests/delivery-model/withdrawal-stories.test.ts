// The same of what is taken back: one fixed schedule for each cure, and a control without it.
import { control, cured, kept } from "./kept.ts"
import type { Tell } from "./story.ts"
import type { Over } from "./world.ts"

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
