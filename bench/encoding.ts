// What it costs to encode a notification for several tabs: the stock parser against the one that writes each notification once. Both in
// turn, in one process; quote the ratio. Run by `npm run bench`.
import { Encoder, PacketType } from "socket.io-parser"
import { encodeOnce } from "../realtime/encode-once.ts"
import { sampleNotification } from "./sample.ts"

const NOTIFICATIONS = 20_000
const encoders = { stock: new Encoder(), once: new (encodeOnce().Encoder)() }

function run(encoder: Encoder, tabs: number): number {
  const begun = performance.now()
  for (let index = 0; index < NOTIFICATIONS; index++) {
    const notification = sampleNotification(index)
    for (let tab = 0; tab < tabs; tab++) {
      const data = ["get_알림", notification, `2.x7Kp2q9LmA.16.8s4yqoiiv4.8s4yqoiiv4.${tab}`]
      encoder.encode({ type: PacketType.EVENT, nsp: "/알림", data })
    }
  }
  return performance.now() - begun
}

for (const tabs of [1, 3, 10]) {
  const ratios: number[] = []
  for (let round = 0; round < 7; round++) ratios.push(run(encoders.stock, tabs) / run(encoders.once, tabs))
  const [, , , median = 0] = ratios.slice(0).sort((a, b) => a - b)
  console.log(`${tabs} tabs: the stock parser takes ${median.toFixed(2)} times as long (median of 7)`)
}
