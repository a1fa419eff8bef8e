/** Looks every few milliseconds until `condition` holds; fails after `timeout` ms, far longer than it should take. */
export async function until(condition: () => unknown, what = condition.toString(), timeout = 10_000): Promise<void> {
  const end = performance.now() + timeout
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`It did not come to pass within ${timeout} ms: ${what}`)
    await Bun.sleep(5)
  }
}
