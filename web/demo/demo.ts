import { render } from "lit"
import type { AllimBell } from "../bell/allim-bell.ts"
import { spoken } from "../bell/texts.ts"
import { classroom } from "./classroom.ts"
import { type Model, openModel } from "./model.ts"
import { loadSchool, tokenOf } from "./school.ts"
import { lmsPage, masthead, screenBar } from "./screen.ts"
import { texts } from "./texts.ts"
import { tracePanel } from "./trace.ts"

/** From this width on there is room for the bell's open panel beside the classroom. */
const roomy = matchMedia("(min-width: 1080px)")

const bell = document.querySelector("allim-bell")
const address = new URL(location.href)

loadSchool()
  .then((school) => {
    const model = openModel(school, address.searchParams, (model, { language, educator }) => {
      show(model)
      if (language || educator) remember(model)
    })
    if (bell) makeRoomFor(bell)
    show(model)
  })
  .catch(() => {
    const main = document.querySelector("main")
    if (main) main.textContent = texts[spoken(navigator.language)].unavailable
  })

function makeRoomFor(bell: AllimBell): void {
  const makeRoom = () => {
    bell.pinned = roomy.matches
    bell.open = roomy.matches
  }
  roomy.addEventListener("change", makeRoom)
  makeRoom()
}

let signedIn: number | undefined

function show(model: Model): void {
  const { language, educator, dark } = model
  if (bell && signedIn !== educator.index) bell.token = () => tokenOf(educator.index)
  signedIn = educator.index
  if (bell) bell.language = language
  document.documentElement.lang = language
  document.documentElement.dataset.theme = dark ? "dark" : "light"
  const regions = {
    masthead: masthead(model),
    "screen-bar": screenBar(model),
    "lms-name": model.t.lms,
    "lms-page": lmsPage(model),
    classroom: classroom(model),
    trace: tracePanel(model),
  }
  for (const [id, content] of Object.entries(regions)) {
    const region = document.getElementById(id)
    if (region) render(content, region)
  }
}

/** So that a reload, or a link that is passed on, shows the same. */
function remember({ educator, language }: Model): void {
  address.searchParams.set("educator", String(educator.index))
  address.searchParams.set("language", language)
  history.replaceState(null, "", address)
}
