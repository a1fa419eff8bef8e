// Preloaded into a server: its time of day is that of the machine and as many milliseconds more as stand in the file CLOCK_SKEW_FILE.
import { readFileSync } from "node:fs"

const file = process.env.CLOCK_SKEW_FILE ?? ""
const Real = Date
const now = () => Real.now() + Number(readFileSync(file, "utf8"))

globalThis.Date = new Proxy(Real, {
  construct: (target, given) => new target(...((given.length === 0 ? [now()] : given) as [number])),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
})
