import { html, nothing } from "lit"
import { live } from "lit/directives/live.js"
import { badge } from "./format.ts"
import { icon } from "./icons.ts"
import { list, type View } from "./list.ts"
import { refusal } from "./texts.ts"

/** What the opened bell shows. */
export function panel(view: View) {
  return html`
    <header part="header">
      <h2>${view.texts.notifications}</h2>
      ${status(view)}
    </header>
    ${toolbar(view)} ${notice(view)}
    <div class="scroll" part="list" aria-busy=${view.inbox.loading === "list"}>${list(view)}</div>
  `
}

function status({ inbox, texts }: View) {
  const { state } = inbox.connection
  return html`<p class="status" part="status" data-state=${state} role="status">${texts[state]}</p>`
}

function toolbar(view: View) {
  const { inbox, texts } = view
  const { unreadOnly } = inbox.filter
  if (inbox.students.size === 0 && !unreadOnly && !inbox.filtered) return nothing
  return html`
    <div class="toolbar" part="toolbar">
      <div class="tabs" role="group" aria-label=${texts.notifications}>
        <button aria-pressed=${!unreadOnly} @click=${() => inbox.setFilter({ unreadOnly: false })}>${texts.all}</button>
        <button aria-pressed=${unreadOnly} @click=${() => inbox.setFilter({ unreadOnly: true })}>
          ${texts.unread} ${inbox.unread ? html`<span class="number">${badge(inbox.unread)}</span>` : nothing}
        </button>
      </div>
      <button class="quiet" ?disabled=${!inbox.unread} @click=${() => inbox.read("all")}>
        ${icon("check")} ${texts.markAll}
      </button>
    </div>
    <div class="filters" part="filters">
      ${choice(view, "course", texts.anyCourse, inbox.courses)} ${choice(view, "student", texts.anyStudent, inbox.students)}
    </div>
  `
}

function choice({ inbox, texts, language }: View, of: "course" | "student", any: string, known: Map<number, string>) {
  const chosen = inbox.filter[of]
  const byName = [...known].sort(([, a], [, b]) => a.localeCompare(b, language))
  const choose = (event: Event) => {
    const { value } = event.target as HTMLSelectElement
    inbox.setFilter({ [of]: value === "" ? null : Number(value) })
  }
  return html`
    <select aria-label=${texts[of]} class=${chosen === null ? "" : "chosen"} .value=${live(String(chosen ?? ""))} @change=${choose}>
      <option value="">${any}</option>
      ${byName.map(([id, name]) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}
    </select>
  `
}

/** One sentence about what does not work, and what can be done. */
function notice({ inbox, texts, language, retry }: View) {
  const { state, code } = inbox.connection
  const message =
    state === "refused"
      ? refusal(language, code)
      : inbox.failed === "list"
        ? texts.loadFailed
        : inbox.failed === "read"
          ? texts.readFailed
          : null
  if (message === null) return nothing
  return html`
    <div class="notice" part="notice" role="alert">
      <p>${message}</p>
      <button class="quiet" @click=${retry}>${icon("retry")} ${texts.retry}</button>
    </div>
  `
}
