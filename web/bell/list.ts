import { html, nothing, type TemplateResult } from "lit"
import { repeat } from "lit/directives/repeat.js"
import type { WireNotification } from "../../src/wire.ts"
import { courseOf, type Entry, idOf, studentOf } from "./entries.ts"
import { absoluteTime, relativeTime } from "./format.ts"
import { icon, kindIcon } from "./icons.ts"
import type { Inbox } from "./inbox.ts"
import type { Language, Texts } from "./texts.ts"

export type View = {
  inbox: Inbox
  language: Language
  texts: Texts
  activate(notification: WireNotification): void
  retry(): void
}

export function list(view: View) {
  const { entries, loading, failed, connection } = view.inbox
  const troubled = failed || connection.state === "refused"
  if (entries.length === 0) return loading ? skeleton(view) : troubled ? nothing : empty(view)
  const unread = entries.filter((entry) => entry.section === "unread")
  const earlier = entries.filter((entry) => entry.section === "read")
  return html`
    <div @keydown=${moveFocus}>
      ${section(view, unread)}
      ${unread.length > 0 && earlier.length > 0 ? html`<h3>${view.texts.earlier}</h3>` : nothing}
      ${section(view, earlier)}
    </div>
    ${view.inbox.hasMore ? more(view) : nothing}
  `
}

function section(view: View, entries: readonly Entry[]) {
  if (entries.length === 0) return nothing
  return html`<ul>${repeat(entries, idOf, (entry) => item(view, entry))}</ul>`
}

function item({ inbox, language, texts, activate }: View, { notification, live }: Entry) {
  const { 열람일: readAt, 발생일: time, 알림_고유_아이디: id } = notification
  const course = courseOf(notification)?.name
  return html`
    <li part="item ${readAt ? "" : "item-unread"}" class=${live ? "live" : ""} ?data-unread=${!readAt}>
      <button class="open" @click=${() => activate(notification)}>
        <span class="kind">${kindIcon(notification.유형)}</span>
        <span class="text">
          <span class="body">${sentence(notification)}</span>
          <span class="meta">
            <span>${notification.제목}</span>
            ${course ? html`<span>${course}</span>` : nothing}
            ${notification.까닭 === "adviser" ? html`<span>${texts.asAdviser}</span>` : nothing}
            <time datetime=${time} title=${absoluteTime(time, language)}>${relativeTime(time, language)}</time>
          </span>
        </span>
      </button>
      ${
        readAt
          ? nothing
          : html`<button class="mark" aria-label="${texts.markOne}: ${notification.본문}" title=${texts.markOne}
              @click=${() => inbox.read([id])}>${icon("check")}</button>`
      }
    </li>
  `
}

/** The text with the student's name set off; put before it when the text does not name them. */
function sentence(notification: WireNotification): TemplateResult {
  const { name } = studentOf(notification)
  const [before, ...after] = unbroken(notification.본문).split(name)
  if (after.length === 0) return html`<b>${name}</b> ${before}`
  return html`${before}<b>${name}</b>${after.join(name)}`
}

/** Lines may break between a closing quotation mark and Hangul, where in Korean a particle follows: a word joiner keeps it there. */
function unbroken(text: string): string {
  return text.replace(/(?<=[’”])(?=[가-힣])/g, "\u2060")
}

function more({ inbox, texts }: View) {
  return html`
    <button class="quiet more" ?disabled=${inbox.loading === "more"} @click=${() => inbox.more()}>
      ${inbox.loading === "more" ? texts.loading : texts.more}
    </button>
  `
}

function empty({ inbox, texts }: View) {
  const [title, hint] = inbox.filtered
    ? [texts.noMatch, null]
    : inbox.filter.unreadOnly
      ? [texts.allRead, texts.allReadHint]
      : [texts.empty, texts.emptyHint]
  return html`
    <div class="empty" part="empty">
      <span class="kind">${icon(inbox.filter.unreadOnly && !inbox.filtered ? "check" : "bell")}</span>
      <p><b>${title}</b></p>
      ${
        hint
          ? html`<p>${hint}</p>`
          : html`<button class="quiet" @click=${() => inbox.setFilter({ course: null, student: null })}>
              ${texts.clearFilters}
            </button>`
      }
    </div>
  `
}

function skeleton({ texts }: View) {
  const row = html`<div class="ghost"><span></span><span></span><span></span></div>`
  return html`<div class="skeleton"><p class="unseen">${texts.loading}</p>${row}${row}${row}${row}</div>`
}

/** Arrow keys, Home and End go from notification to notification. */
function moveFocus(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement
  const stops = [...list.querySelectorAll<HTMLElement>(".open")]
  const row = (event.target as HTMLElement).closest("li")
  const at = stops.findIndex((stop) => stop.closest("li") === row)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  stops[Math.min(Math.max(to, 0), stops.length - 1)]?.focus()
}
