import { html } from "lit"
import { icon } from "../bell/icons.ts"
import { activityNames, iconOf } from "./activities.ts"
import type { Model } from "./model.ts"
import { courseName, initials, type Student, studentsOf } from "./school.ts"
import { teachers } from "./teachers.ts"

export function classroom(model: Model) {
  const { t, school, educator, student, inClass, toggleClass, act } = model
  return html`
    <div class="card-head">
      <div>
        <h2 id="classroom-title">${t.classroom}</h2>
        <p class="muted">${t.classroomHint}</p>
      </div>
      <button class="primary" aria-pressed=${inClass} @click=${toggleClass}>
        ${icon(inClass ? "stop" : "play")} ${inClass ? t.stopClass : t.startClass}
      </button>
    </div>
    <fieldset class="students">
      <legend class="unseen">${t.whichStudent}</legend>
      ${studentsOf(school, educator.index).map((candidate) => seat(model, candidate))}
    </fieldset>
    <div class="does">
      <p aria-live="polite">${inClass ? html`<span class="pulse"></span> ${t.inClass}` : t.does(student.name)}</p>
      ${courses(model)}
    </div>
    <div class="activities">
      ${activityNames.map(
        (name) =>
          html`<button class="button" @click=${() => act(name)}>${icon(iconOf(name))} ${t.activities[name]}</button>`,
      )}
    </div>
    ${teachers(model)}
  `
}

/** In which of the student's courses: in another than the educator's own, another bell rings. */
function courses({ t, school, student, courseId, setCourse }: Model) {
  return html`
    <div class="switch" role="group" aria-label=${t.whichCourse}>
      ${student.courses.map(
        ({ id }) =>
          html`<button aria-pressed=${id === courseId} @click=${() => setCourse(id)}>${courseName(school, id)}</button>`,
      )}
    </div>
  `
}

function seat({ student, choose }: Model, candidate: Student) {
  return html`
    <label class="seat">
      <input type="radio" name="student" .checked=${candidate.id === student.id} @change=${() => choose(candidate)}>
      <span class="avatar" aria-hidden="true">${initials(candidate.name)}</span>
      <span class="name">${candidate.name}</span>
    </label>
  `
}
