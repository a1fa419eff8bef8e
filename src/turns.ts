/** For how long work holds the event loop before others have a turn, in milliseconds: a few of these together are not felt. */
const TURN = 5

/** Those who wait to go on, first come first. */
const waiting: (() => void)[] = []

/**
 * The same as `items.map(act)`, in order, of which everything else has a turn in between whenever `TURN` ms have passed. However many do
 * this at once, one of them goes on in each turn of the event loop. What `act` throws, this rejects with, and no later item is looked at.
 */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  act: (item: Item, index: number) => Answer,
): Promise<Answer[]> {
  const answers: Answer[] = []
  let begun = performance.now()
  for (const [index, item] of items.entries()) {
    if (performance.now() - begun > TURN) {
      await nextTurn()
      begun = performance.now()
    }
    answers.push(act(item, index))
  }
  return answers
}

/**
 * Resolves when the event loop has looked for what came meanwhile, and whoever asked before has gone on. By a timer: one immediate after
 * another lets no I/O in between on Deno, and one request at most on Node.
 */
function nextTurn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (waiting.push(resolve) === 1) setTimeout(goOn, 0)
  return promise
}

function goOn() {
  waiting.shift()?.()
  if (waiting.length > 0) setTimeout(goOn, 0)
}
