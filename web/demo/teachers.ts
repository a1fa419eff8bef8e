import { html, nothing } from "lit"
import { keyed } from "lit/directives/keyed.js"
import { repeat } from "lit/directives/repeat.js"
import { badge } from "../bell/format.ts"
import { icon } from "../bell/icons.ts"
import type { Bell } from "./bells.ts"
import type { Model } from "./model.ts"
import { courseName, type Teacher, teachersOf } from "./school.ts"

/** How long a bell swings, in milliseconds; one that is drawn anew after that stays still. */
const SWING_MS = 900

/** Whose bell rings: the chosen student's teachers, each on a connection of their own. */
export function teachers(model: Model) {
  const { t, school, student } = model
  return html`
    <h3 id="teachers-title" class="whose">${t.whoseBell}</h3>
    <ul class="teachers" aria-labelledby="teachers-title">
      ${repeat(
        teachersOf(school, student),
        ({ educator }) => educator.index,
        (teacher) => html`<li>${tile(model, teacher)}</li>`,
      )}
    </ul>
    <p class="unseen" aria-live="polite">${announcement(model)}</p>
  `
}

/** Chosen, it shows that educator's screen. */
function tile({ t, school, educator, bells, setEducator }: Model, teacher: Teacher) {
  const { index, name } = teacher.educator
  const { online = false, unread = 0, rangAt, told }: Partial<Bell> = bells.get(index) ?? {}
  const rings = rangAt !== undefined && performance.now() - rangAt < SWING_MS
  const roles = teacher.courses.map(({ id, section }) => t.course(courseName(school, id), section))
  return html`
    <button
      class="teacher" data-educator=${index} ?data-online=${online} ?data-told=${told}
      aria-pressed=${index === educator.index} title=${t.showScreen(name)} @click=${() => setEducator(index)}
    >
      ${keyed(
        rangAt,
        html`<span class="ringer" ?data-rings=${rings}>
          ${icon("bell")}<span class="count" ?hidden=${unread === 0} aria-hidden="true">${badge(unread)}</span>
        </span>`,
      )}
      <b>${name}</b>
      <span class="role">${[...roles, ...(teacher.adviser ? [t.adviser] : [])].join(" · ")}</span>
      <span class="why">${told?.why ? t.why[told.why] : nothing}</span>
      ${unread > 0 ? html`<span class="unseen">${t.unread(unread)}</span>` : nothing}
    </button>
  `
}

/** The same for those who do not see the bells; not in class, where there would be no end to it. */
function announcement({ t, school, bells, inClass }: Model) {
  if (inClass) return ""
  const told = school.educators.filter(({ index }) => bells.get(index)?.told)
  return told.length > 0 ? t.rang(told.map(({ name }) => name)) : ""
}
