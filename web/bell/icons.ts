import { html, svg, type TemplateResult } from "lit"

/** Line icons on a 24-unit grid; they take the text's colour. */
const shapes = {
  bell: svg`<path d="M6 9.5a6 6 0 0 1 12 0c0 4.6 1.7 6 1.7 6.9H4.3c0-.9 1.7-2.3 1.7-6.9Z"/><path d="M9.8 19.5a2.4 2.4 0 0 0 4.4 0"/>`,
  assignment: svg`<path d="M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5Z"/><path d="M13.5 3.5v5h5M9 13h6M9 16.5h4"/>`,
  quiz: svg`<path d="m4 6.5 1.5 1.5L8.5 5M4 13l1.5 1.5 3-3M4 19.5 5.5 21l3-3M12.5 6.5h7.5M12.5 13h7.5M12.5 19.5h7.5"/>`,
  lesson: svg`<path d="M12 6.5C10 5 7.5 4.5 4 4.5v13.5c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2V4.5c-3.5 0-6 .5-8 2ZM12 6.5V20"/>`,
  question: svg`<path d="M20 11.5a8 7.5 0 0 1-11.5 6.700L4.5 19.5l1.2-3.600A7.5 7.5 0 1 1 20 11.5Z"/><path d="M10 9.700a2.1 2.1 0 1 1 2.9 1.900c-.6.3-.9.7-.9 1.400M12 15.400v.1"/>`,
  discussion: svg`<path d="M15.5 9.800c0 3-2.7 5.3-6 5.300a7 7 0 0 1-2.3-.4L3.5 16l1.1-3a5 5 0 0 1-1.1-3.200c0-3 2.7-5.3 6-5.300s6 2.4 6 5.300Z"/><path d="M18 9.600a5 5 0 0 1 2.5 4.3 5 5 0 0 1-1 2.900l1 2.7-3.4-1.100a6.5 6.5 0 0 1-5.6-.7"/>`,
  attendance: svg`<circle cx="9.5" cy="8" r="3.7"/><path d="M3 20c.3-3.7 2.9-6 6.5-6 1.7 0 3.2.5 4.3 1.5M14.8 18.5l2.2 2.2 4-4.2"/>`,
  progress: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.200l3.3 2"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  retry: svg`<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.400M19.5 3.5v4h-4"/>`,
  play: svg`<path d="M8 5.5v13l10.5-6.500Z"/>`,
  stop: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="2"/>`,
  sun: svg`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.400M5.6 18.4 7 17M17 7l1.4-1.4"/>`,
  moon: svg`<path d="M19.5 14.200A8 8 0 0 1 9.8 4.500a8 8 0 1 0 9.7 9.700Z"/>`,
} satisfies Record<string, TemplateResult<2>>

export type IconName = keyof typeof shapes

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shapes[name]}</svg>`
}

/** The icon of a type of notification, by its first word; a bell for those that are not known. */
export function kindIcon(type: string): TemplateResult {
  const [noun = ""] = type.split(".")
  return icon(Object.hasOwn(shapes, noun) ? (noun as IconName) : "bell")
}
