import { AllimBell } from "./allim-bell.ts"

// A page may hold the two lines twice.
if (!customElements.get("allim-bell")) customElements.define("allim-bell", AllimBell)

declare global {
  interface HTMLElementTagNameMap {
    "allim-bell": AllimBell
  }
}
