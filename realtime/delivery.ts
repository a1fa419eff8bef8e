import type { Bus, Message } from "../src/bus/bus.ts"
import type { Clock } from "../src/clock.ts"
import type { History } from "../src/history/history.ts"
import type { Inbox } from "../src/history/inbox.ts"
import type { Notices } from "../src/history/notices.ts"
import type { Limits } from "../src/limits.ts"
import type { Notification } from "../src/notification.ts"
import type { Present } from "../src/present.ts"
import type { Report } from "../src/report.ts"
import type { Withdrawals } from "../src/withdrawals.ts"
import { givingTo, type Item } from "./giving.ts"
import { type Connection, lineOf, type Way } from "./line.ts"
import { positionReader } from "./position.ts"
import { presentOnce } from "./present-once.ts"
import { openRoom } from "./room.ts"
import { openRooms } from "./rooms.ts"
import { type Seat, seat } from "./seat.ts"
import { followTail } from "./tail.ts"
import { waitingItems } from "./waiting.ts"

export type Delivery = ReturnType<typeof openDelivery>

type Needs = {
  /** Its `read` shows nothing that is withdrawn. */
  history: Pick<History, "store" | "lag" | "known" | "learn" | "since" | "read">
  notices: Pick<Notices, "concern">
  withdrawals: Pick<Withdrawals, "has" | "hear" | "catchUp" | "follow">
  inbox: Pick<Inbox, "unread">
  bus: Pick<Bus, "deliver" | "follow" | "unfollow" | "doubtful">
  present: Present
  delivered(notification: Notification, by: Way): void
  /** Told of a message of another store, which is dropped: staging and production may share a bus. */
  stranger(): void
  clock: Clock
  limits?: Pick<Limits, "waitingBytes">
  report: Report
}

/**
 * The delivery of notifications to sockets, whatever the transport: the bus is a hint that makes it fast, and reading history makes it
 * certain. Nothing in it asks what time it is.
 */
export function openDelivery(needs: Needs) {
  const { history, withdrawals, bus, clock, report, stranger } = needs
  const positions = positionReader(needs)
  const present = presentOnce(needs.present)
  const rooms = openRooms({ bus, clock, report, open: (educator) => openRoom(educator, tail.mark ?? 0, needs) })
  const places = new Set<Seat>()
  const tail = followTail({ history, withdrawals, bus, clock, report, rooms: rooms.all })

  withdrawals.follow((educators) => {
    for (const educator of educators) rooms.get(educator)?.withdraw()
  })

  bus.deliver({
    message(message) {
      if (message.store !== history.store) stranger()
      else rooms.get(message.educator)?.hear(message.kind === "read" ? read(message) : recorded(message))
    },
    notice({ store, known, notice }) {
      if (store !== history.store) return stranger()
      history.learn(known)
      withdrawals.hear(notice)
    },
    doubt() {
      tail.hurry()
      for (const room of rooms.all()) room.count()
    },
  })

  function recorded({ notification, known }: Message & { kind: "recorded" }): Item {
    history.learn(known)
    return { kind: "notifications", by: "bus", notifications: [notification] }
  }

  return {
    /** A socket has connected; the answer is to be called when it has gone. */
    enter(connection: Connection): () => void {
      const { educator } = connection
      const giving = givingTo(connection, lineOf(connection, { ...needs, present }), {
        history,
        withdrawals,
        positions,
      })
      const place = seat(connection, { ...needs, positions, giving, waiting: waitingItems(needs.limits) })
      places.add(place)
      tail.started.then(() => {
        if (!places.has(place)) return
        rooms.join(educator, place)
        place.lapse()
      })
      return () => {
        places.delete(place)
        place.leave()
        rooms.leave(educator, place)
      }
    },

    /** Resolves when history has answered for the first time. */
    started: () => tail.started,
    get rooms() {
      return rooms.size
    },
    /** Sockets that wait for a read of their own. */
    get waiting() {
      return [...places].filter((place) => place.waits).length
    },
    /** See `Tail`. */
    get markAge() {
      return tail.age
    },

    close() {
      tail.stop()
      rooms.close()
    },
  }
}

function read({ kind, origin, store: _, educator: __, ...marked }: Message & { kind: "read" }): Item {
  return { kind, read: marked, origin }
}
