import type { Bus, Message } from "../src/bus/bus.ts"

/** How long a room outlives its last seat, so that a page reload costs no subscription: 5 s. */
const LINGER = 5_000

/** A place in an educator's room: one socket. */
export type Seat = { push(message: Message): void }

export type Rooms = {
  /** Resolves when the educator's subscription is acknowledged: from then on the seat is pushed every message. */
  join(educator: number, seat: Seat): Promise<void>
  leave(educator: number, seat: Seat): void
  readonly size: number
  /** Ends every subscription. */
  close(): Promise<void>
}

type Room = { seats: Set<Seat>; subscribed: Promise<() => Promise<void>>; closing?: NodeJS.Timeout }

/**
 * One subscription for all of an educator's sockets in this process: the first seat subscribes, the last one unsubscribes a moment
 * later. A room that closes is forgotten at once, so whoever comes next opens another and the two cannot cross.
 */
export function openRooms(bus: Pick<Bus, "subscribe">, report: (error: unknown) => void, linger = LINGER): Rooms {
  const rooms = new Map<number, Room>()

  function open(educator: number): Room {
    const seats = new Set<Seat>()
    const room: Room = {
      seats,
      subscribed: bus.subscribe(educator, (message) => {
        for (const seat of seats) seat.push(message)
      }),
    }
    room.subscribed.catch(() => forget(educator, room))
    rooms.set(educator, room)
    return room
  }

  function forget(educator: number, room: Room) {
    clearTimeout(room.closing)
    if (rooms.get(educator) === room) rooms.delete(educator)
  }

  async function close(educator: number, room: Room) {
    forget(educator, room)
    const unsubscribe = await room.subscribed
    await unsubscribe()
  }

  return {
    async join(educator, seat) {
      const room = rooms.get(educator) ?? open(educator)
      clearTimeout(room.closing)
      room.seats.add(seat)
      await room.subscribed
    },

    leave(educator, seat) {
      const room = rooms.get(educator)
      if (!room?.seats.delete(seat) || room.seats.size > 0) return
      room.closing = setTimeout(() => close(educator, room).catch(report), linger)
    },

    get size() {
      return rooms.size
    },

    async close() {
      await Promise.all([...rooms].map(([educator, room]) => close(educator, room)))
    },
  }
}
