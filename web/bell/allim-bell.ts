import { html, LitElement, type PropertyValues } from "lit"
import type { WireNotification } from "../../src/wire.ts"
import { announcer } from "./announcer.ts"
import { badge } from "./format.ts"
import { icon } from "./icons.ts"
import { Inbox } from "./inbox.ts"
import type { View } from "./list.ts"
import { panel } from "./panel.ts"
import { placeUnder } from "./placement.ts"
import { styles } from "./styles.ts"
import { spoken, texts } from "./texts.ts"

/** Relative times are rewritten this often. */
const CLOCK_MS = 30_000

/** An access token, or a function that gets one: called for each connection and after a 401, so that it may be short-lived. */
export type Token = string | (() => string | Promise<string>)

/**
 * `<allim-bell>`: an educator's notifications, live.
 *
 * Attributes: `server` (default: where this script came from), `token`, `language` (`ko`, `en`), `theme` (`light`, `dark`;
 * otherwise the page's own `color-scheme`), `open`, `pinned` (the panel stays when something else is clicked).
 * The property `token` also takes a function. Events, all bubbling and composed: `allim-notification`, `allim-count`,
 * `allim-read`, `allim-state`, and `allim-open`, whose default, marking as read, can be prevented.
 */
export class AllimBell extends LitElement {
  static override styles = styles
  static override properties = {
    server: {},
    token: {},
    language: {},
    open: { type: Boolean, reflect: true },
    pinned: { type: Boolean, reflect: true },
  }

  declare server: string
  declare token: Token | null
  declare language: string | null
  declare open: boolean
  declare pinned: boolean

  readonly #inbox = new Inbox({
    changed: () => this.requestUpdate(),
    happened: ({ name, detail }) => {
      if (name === "allim-notification") this.#announce(detail)
      this.#dispatch(name, detail)
    },
  })
  readonly #announce = announcer<WireNotification>((count, latest) => {
    const region = this.renderRoot.querySelector("[aria-live]")
    if (region) region.textContent = texts[this.#language].arrived(count, latest.본문)
  })
  readonly #bottom = new IntersectionObserver((seen) => {
    // What failed is not tried again without being asked to.
    if (!this.#inbox.failed && seen.some(({ isIntersecting }) => isIntersecting)) this.#inbox.more()
  })
  #clock: ReturnType<typeof setInterval> | undefined
  #unplace: (() => void) | undefined

  constructor() {
    super()
    this.server = origin
    this.token = null
    this.language = null
    this.open = false
    this.pinned = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) {
      this.#connect() // it was moved within the page
      this.requestUpdate("open", false)
    }
    this.#clock = setInterval(() => this.requestUpdate(), CLOCK_MS)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#inbox.close()
    this.#bottom.disconnect()
    this.#unplace?.()
    clearInterval(this.#clock)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("server") || changed.has("token")) this.#inbox.forget()
    if (changed.has("server") || changed.has("token") || changed.has("language")) this.#connect()
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("open") || changed.has("pinned")) this.#panel.togglePopover(this.open)
    this.#bottom.disconnect()
    const more = this.renderRoot.querySelector(".more")
    if (more) this.#bottom.observe(more)
  }

  protected override render() {
    const t = texts[this.#language]
    const unread = this.#inbox.unread ?? 0
    const view: View = {
      inbox: this.#inbox,
      language: this.#language,
      texts: t,
      activate: (notification) => this.#activate(notification),
      retry: () => this.#retry(),
    }
    return html`
      <button
        class="bell" part="button" popovertarget="panel" aria-haspopup="dialog" data-state=${this.#inbox.connection.state}
      >
        ${icon("bell")}
        <span class="unseen">${t.notifications}, ${unread ? t.unreadCount(unread) : t[this.#inbox.connection.state]}</span>
        <span class="badge" part="badge" ?hidden=${unread === 0} aria-hidden="true">${badge(unread)}</span>
      </button>
      <div
        id="panel" part="panel" role="dialog" tabindex="-1" lang=${this.#language} aria-label=${t.notifications}
        popover=${this.pinned ? "manual" : "auto"} ?autofocus=${!this.pinned}
        @beforetoggle=${this.#toggling} @toggle=${this.#toggled} @keydown=${this.#escape}
      >
        ${panel(view)}
      </div>
      <div class="unseen" aria-live="polite" lang=${this.#language}></div>
    `
  }

  get #language() {
    return spoken(this.language, document.documentElement.lang, navigator.language)
  }

  get #bell(): HTMLElement {
    return this.renderRoot.querySelector(".bell") as HTMLElement
  }

  get #panel(): HTMLElement {
    return this.renderRoot.querySelector("#panel") as HTMLElement
  }

  #connect(): void {
    const { token } = this
    if (!token) {
      this.#inbox.refuse("token_missing")
      return
    }
    this.#inbox.connect({
      server: this.server.replace(/\/+$/, ""),
      language: this.language ?? this.#language,
      token: async () => (typeof token === "function" ? token() : token),
    })
    if (this.open) this.#inbox.watch(true)
  }

  #retry(): void {
    if (this.#inbox.connection.state === "refused") this.#connect()
    else this.#inbox.load()
  }

  #activate(notification: WireNotification): void {
    if (this.#dispatch("allim-open", notification)) this.#inbox.read([notification.알림_고유_아이디])
  }

  /** Out of a panel that closes, the focus goes back to the bell: browsers lose it in a shadow tree. */
  #toggling(event: ToggleEvent): void {
    if (event.newState === "closed" && this.#panel.contains(this.shadowRoot?.activeElement ?? null)) this.#bell.focus()
  }

  #toggled(event: ToggleEvent): void {
    this.open = event.newState === "open"
    this.#unplace?.()
    this.#unplace = this.open ? placeUnder(this.#bell, this.#panel) : undefined
    this.#inbox.watch(this.open)
  }

  /** A pinned panel is not closed by the browser. */
  #escape(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.pinned) this.open = false
  }

  #dispatch(name: string, detail: unknown): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }))
  }
}

/** A script is current only while it runs, so this is read at once. */
const script = document.currentScript
const origin = script instanceof HTMLScriptElement ? new URL(script.src).origin : location.origin
