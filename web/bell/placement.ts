const GAP = 8
const MIN_HEIGHT = 240

/** Keeps the panel under the bell and inside the window until the answered function is called. */
export function placeUnder(anchor: HTMLElement, panel: HTMLElement): () => void {
  const place = () => {
    const { bottom, right } = anchor.getBoundingClientRect()
    const { clientWidth, clientHeight } = document.documentElement
    const left = Math.min(Math.max(right - panel.offsetWidth, GAP), clientWidth - panel.offsetWidth - GAP)
    panel.style.left = `${Math.max(left, GAP)}px`
    panel.style.top = `${bottom + GAP}px`
    panel.style.setProperty("--_room", `${Math.max(clientHeight - bottom - 2 * GAP, MIN_HEIGHT)}px`)
  }
  const sizes = new ResizeObserver(place)
  for (const element of [anchor, panel, document.documentElement]) sizes.observe(element)
  window.addEventListener("scroll", place, { capture: true, passive: true })
  place()
  return () => {
    sizes.disconnect()
    window.removeEventListener("scroll", place, { capture: true })
  }
}
