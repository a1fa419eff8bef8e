import type { Reason } from "../../src/recipient.ts"
import type { WireNotification } from "../../src/wire.ts"
import { connect } from "../bell/connection.ts"
import type { Language } from "../bell/texts.ts"
import { type School, tokenOf } from "./school.ts"

/** An educator's own bell: what the server says on a connection that is theirs, with their own token. */
export type Bell = {
  online: boolean
  unread: number
  /** When it rang last, on this page's own clock. */
  rangAt?: number
  /** Set while the newest event that any bell rang for is one of theirs: why they were told. */
  told?: { why: Reason | null }
}

/** Which event a notification tells of: each educator who is told has a notification of their own. */
const toldOf = ({ 발생일, 유형, 학생_유저인덱스 }: WireNotification) => `${발생일} ${유형} ${학생_유저인덱스}`

/** Connects as each educator of the school; `rang` is called for each notification, `changed` when a bell has changed. */
export function openBells(
  { educators }: School,
  language: Language,
  { rang, changed }: { rang(notification: WireNotification): void; changed(): void },
) {
  const bells = new Map(educators.map(({ index }): [number, Bell] => [index, { online: false, unread: 0 }]))
  let newest: string | undefined

  function quiet(): void {
    for (const bell of bells.values()) bell.told = undefined
  }

  for (const [educator, bell] of bells) {
    const become = (part: Partial<Bell>) => {
      Object.assign(bell, part)
      changed()
    }
    connect(
      { server: location.origin, language, token: () => tokenOf(educator) },
      {
        notification(notification) {
          if (toldOf(notification) !== newest) quiet()
          newest = toldOf(notification)
          rang(notification)
          become({ rangAt: performance.now(), told: { why: notification.까닭 } })
        },
        count: (unread) => become({ unread }),
        read: ({ 안읽은_수: unread }) => become({ unread }),
        positioned() {},
        refresh: () => become({ told: undefined }),
        state: ({ state }) => become({ online: state === "online" }),
      },
    )
  }

  return { bells: bells as ReadonlyMap<number, Bell>, quiet }
}
