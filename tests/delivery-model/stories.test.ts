// What chance rarely meets, one fixed schedule for each rule; a rule of this world's storage has a control, which must fail without it.
import { control, kept } from "./kept.ts"

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
