import type { Bus } from "../src/bus/bus.ts"
import type { Clock } from "../src/clock.ts"
import type { Report } from "../src/report.ts"
import type { Room } from "./room.ts"
import type { Seat } from "./seat.ts"

/** How long a room outlives its last seat, so that a page reload costs no subscription: 5 s. */
const LINGER = 5_000

type Needs = {
  bus: Pick<Bus, "follow" | "unfollow">
  open(educator: number): Room
  clock: Clock
  report: Report
}

export type Rooms = ReturnType<typeof openRooms>

/**
 * Who listens in this process: the only map of it. The first socket of an educator follows the bus, and nobody waits for that, because the
 * tail covers what comes before; the last one unfollows a moment after it has left.
 */
export function openRooms({ bus, open, clock, report }: Needs) {
  const rooms = new Map<number, Room>()
  const closing = new Map<number, () => void>()

  function opened(educator: number): Room {
    const room = rooms.get(educator) ?? open(educator)
    if (!rooms.has(educator)) bus.follow(educator).catch((error) => report("bus", error))
    rooms.set(educator, room)
    return room
  }

  function stay(educator: number) {
    closing.get(educator)?.()
    closing.delete(educator)
  }

  function close(educator: number) {
    stay(educator)
    rooms.delete(educator)
    bus.unfollow(educator)
  }

  return {
    get: (educator: number) => rooms.get(educator),
    all: () => rooms.values(),
    get size() {
      return rooms.size
    },

    join(educator: number, seat: Seat) {
      stay(educator)
      opened(educator).seats.add(seat)
    },

    leave(educator: number, seat: Seat) {
      const seats = rooms.get(educator)?.seats
      if (seats?.delete(seat) && seats.size === 0)
        closing.set(
          educator,
          clock.after(LINGER, () => close(educator)),
        )
    },

    close() {
      for (const educator of [...rooms.keys()]) close(educator)
    },
  }
}
