import type { Directory, Rows } from "./directory/directory.ts"
import type { DataOf, Named, RowsOf } from "./kinds/kind.ts"
import { type AnyKind, kindOf } from "./kinds/kinds.ts"
import type { Locale, Text, Told } from "./locales/locale.ts"
import { type Language, languages, locales } from "./locales/locales.ts"
import type { Notification } from "./notification.ts"
import type { Presented } from "./wire.ts"

type Needs = {
  /** The cached directory's, which neither fails nor keeps anyone waiting. */
  find: Directory["find"]
  /** IANA name of the zone in which dates are told. */
  timeZone: string
}

/** Answers one presented notification for each, in order. What cannot be looked up in time is told by its id. */
export type Present = (notifications: readonly Notification[], language: Language) => Promise<Presented[]>

/** Without a kind when nobody registered its type, or when its data does not fit the kind's schema of today. */
type Read = { notification: Notification; kind?: AnyKind; data?: DataOf<AnyKind> }
type Naming = { noun: Named; id: number }
type Found = Map<Named, Map<number, Rows[Named]>>

const DATE = { month: "long", day: "numeric", weekday: "short", hour: "numeric", minute: "2-digit" } as const

/** Puts notifications into words, now and for one reader: texts are never stored, so later names and corrections apply to old ones too. */
export function presenter({ find, timeZone }: Needs): Present {
  const dates = new Map(
    languages.map((language) => [language, new Intl.DateTimeFormat(language, { ...DATE, timeZone })]),
  )

  return async (notifications, language) => {
    const reads = notifications.map(readData)
    const ids = notifications.map(({ student }) => student)
    const [students, found] = await Promise.all([find("student", ids), findNamed(reads.flatMap(namings), find)])
    const when = (instant: string) => dates.get(language)?.format(new Date(instant)) ?? instant

    return reads.map((read) => {
      const { notification } = read
      const student = students.get(notification.student)
      const rows = rowsOf(read, found)
      const told = { student: { id: notification.student, name: student?.name }, rows, when }
      return {
        notification,
        student: student ? { userId: student.userId, name: student.name } : null,
        ...tell(read, told, language),
        detail: { ...notification.data, ...rows },
      }
    })
  }
}

function readData(notification: Notification): Read {
  const kind = kindOf(notification.type)
  const read = kind?.data.safeParse(notification.data)
  return read?.success ? { notification, kind, data: read.data } : { notification }
}

/** What a notification names by id, as its kind says. */
function namings({ notification, kind }: Read): Naming[] {
  return Object.entries(kind?.rows ?? {}).flatMap(([noun, member]) => {
    const id = notification.data[member]
    return typeof id === "number" ? { noun: noun as Named, id } : []
  })
}

/** One look-up for each noun, all at once. */
async function findNamed(named: readonly Naming[], find: Needs["find"]): Promise<Found> {
  const byNoun = Map.groupBy(named, ({ noun }) => noun)
  const found = [...byNoun].map(async ([noun, those]) => {
    const ids = those.map(({ id }) => id)
    return [noun, await find(noun, ids)] as const
  })
  return new Map(await Promise.all(found))
}

function rowsOf(read: Read, found: Found): RowsOf<AnyKind> {
  const rows = namings(read).map(({ noun, id }) => [noun, found.get(noun)?.get(id)] as const)
  return Object.fromEntries(rows.filter(([, row]) => row))
}

function tell({ notification: { type }, kind, data }: Read, told: Omit<Told<AnyKind>, "data">, language: Language) {
  const { kinds, other }: Locale = locales[language]
  const text: Text<AnyKind> | undefined = kind && kinds[kind.type]
  try {
    if (text && data) return { title: text.title, body: text.body({ ...told, data }) }
  } catch {
    // Words that one notification breaks must not keep its educator from all others.
  }
  return { title: other.title, body: other.body({ ...told, type }) }
}
