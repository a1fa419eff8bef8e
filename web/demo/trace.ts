import { html, nothing } from "lit"
import type { Model } from "./model.ts"
import { curl, type Trace } from "./post.ts"

const milliseconds = (ms: number) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`

/** What just happened: LMS, Allim, educator, with the times, and the exchange itself for those who ask. */
export function tracePanel({ t, trace, school }: Model) {
  return html`
    <h2 id="trace-title">${t.trace}</h2>
    ${trace ? route(t, trace) : html`<p class="muted">${t.traceEmpty}</p>`}
    ${trace ? exchange(t, trace, curl(school.source.secret, trace.event)) : nothing}
  `
}

function route(t: Model["t"], { event, answer, unsent, arrivedMs }: Trace) {
  const [noun, verb] = event.type.split(".")
  return html`
    <ol class="route" aria-live="off">
      <li class="done"><b>LMS</b><code>${noun}.<wbr>${verb}</code></li>
      <li class=${answer ? "done" : ""}>
        <b>Allim</b><span>${answer ? html`${answer.status} · ${milliseconds(answer.ms)}` : unsent ? t.unsent : "…"}</span>
      </li>
      <li class=${arrivedMs === undefined ? "" : "done arrived"}>
        <b>${t.educator}</b>
        <span>${arrivedMs === undefined ? `${t.waiting} …` : html`${t.arrived} · <strong>${milliseconds(arrivedMs)}</strong>`}</span>
      </li>
    </ol>
  `
}

function exchange(t: Model["t"], { answer }: Trace, command: string) {
  const copy = async (event: Event) => {
    const button = event.currentTarget as HTMLButtonElement
    await navigator.clipboard.writeText(command)
    button.textContent = t.copied
  }
  return html`
    <details>
      <summary>${t.details}</summary>
      <div class="exchange">
        <h3>${t.request}</h3>
        ${isSecureContext ? html`<button class="button" @click=${copy}>${t.copy}</button>` : nothing}
        <pre tabindex="0">${command}</pre>
        ${answer ? html`<h3>${t.answer} ${answer.status}</h3><pre tabindex="0">${JSON.stringify(answer.body, null, 2)}</pre>` : nothing}
      </div>
    </details>
  `
}
