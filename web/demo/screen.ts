import { html, nothing } from "lit"
import { icon } from "../bell/icons.ts"
import type { Language } from "../bell/texts.ts"
import type { Model } from "./model.ts"
import { classesOf, courseName, studentsOf } from "./school.ts"

/** The demo's own head: what this is, and how it looks. */
export function masthead({ t, language, dark, setLanguage, setDark }: Model) {
  const choices: [Language, string][] = [
    ["ko", "한국어"],
    ["en", "English"],
  ]
  return html`
    <a class="brand" href="/">${icon("bell")}<span>알림 <span lang="en">Allim</span></span></a>
    <nav>
      <a href="/docs">${t.api}</a>
      <div class="switch" role="group" aria-label=${t.language}>
        ${choices.map(
          ([tag, name]) => html`<button lang=${tag} aria-pressed=${language === tag}
            @click=${() => setLanguage(tag)}><span class="wide">${name}</span><span class="narrow">${tag.toUpperCase()}</span></button>`,
        )}
      </div>
      <div class="switch" role="group" aria-label=${t.theme}>
        <button aria-pressed=${!dark} aria-label=${t.light} title=${t.light} @click=${() => setDark(false)}>${icon("sun")}</button>
        <button aria-pressed=${dark} aria-label=${t.dark} title=${t.dark} @click=${() => setDark(true)}>${icon("moon")}</button>
      </div>
    </nav>
    <h1>${t.pitch}</h1>
    <p>${t.how}</p>
  `
}

/** Above the educator's screen: whose it is, and another's in a new tab. */
export function screenBar({ t, school, educator, language, setEducator }: Model) {
  const other = school.educators.find(({ index }) => index !== educator.index)
  return html`
    <h2 id="screen-title">${t.screen}</h2>
    <select aria-label=${t.educator} @change=${(event: Event) => setEducator(Number((event.target as HTMLSelectElement).value))}>
      ${school.educators.map(
        ({ index, name }) =>
          html`<option value=${index} ?selected=${index === educator.index}>${name} (${index})</option>`,
      )}
    </select>
    ${
      other &&
      html`<a class="button" target="_blank" href="/?educator=${other.index}&language=${language}">
        ${t.otherTab(other.name)} <span aria-hidden="true">↗</span></a>`
    }
  `
}

/** What stands for the LMS's own page behind the bell. */
export function lmsPage({ t, school, educator }: Model) {
  const advised = studentsOf(school, educator.index).filter(({ advisers }) => advisers.includes(educator.index)).length
  return html`
    <h3>${t.greeting(educator.name)}</h3>
    <p class="muted">${t.myClasses}</p>
    <ul class="courses">
      ${classesOf(school, educator.index).map(({ course, students }) =>
        group(t.course(courseName(school, course.id), course.section), t.students(students)),
      )}
      ${advised > 0 ? group(t.adviser, t.students(advised)) : nothing}
    </ul>
  `
}

function group(name: string, size: string) {
  return html`<li><b>${name}</b><span class="muted">${size}</span></li>`
}
