import { css } from "lit"

/**
 * A page themes the bell with these custom properties, set on `allim-bell` or above it: `--allim-accent`, `--allim-on-accent`,
 * `--allim-surface`, `--allim-text`, `--allim-muted`, `--allim-line`, `--allim-radius`, `--allim-font`, `--allim-size` (of the
 * button), `--allim-width` and `--allim-height` (of the panel); and with `::part`: button, badge, panel, header, status,
 * toolbar, filters, list, item, item-unread, empty, notice. Light or dark follows the page's own `color-scheme`.
 */
const theme = css`
  :host {
    --_accent: var(--allim-accent, light-dark(#c2410c, #ff9466));
    --_on-accent: var(--allim-on-accent, light-dark(#fff, #1d1009));
    --_surface: var(--allim-surface, light-dark(#fff, #1c1d21));
    --_text: var(--allim-text, light-dark(#1d1f24, #ececee));
    --_muted: var(--allim-muted, light-dark(#62666f, #a3a6ae));
    --_line: var(--allim-line, light-dark(#e7e6e2, #303238));
    --_radius: var(--allim-radius, 16px);
    --_hover: color-mix(in srgb, var(--_text) 5%, transparent);
    --_tint: color-mix(in srgb, var(--_accent) 10%, transparent);
    --_chip: light-dark(#fff, #3a3c43);
    --_online: light-dark(#1f8a4c, #5bd08a);
    display: inline-block;
    font: 400 14.5px/1.5 var(--allim-font, "Pretendard Variable", Pretendard, "Apple SD Gothic Neo", "Noto Sans KR",
      "Noto Sans CJK KR", system-ui, "Malgun Gothic", sans-serif);
    letter-spacing: -0.005em;
    word-break: keep-all;
    overflow-wrap: anywhere;
  }
  :host([theme="light"]) { color-scheme: light; }
  :host([theme="dark"]) { color-scheme: dark; }
  :host([hidden]), [hidden] { display: none !important; }
  *, ::before, ::after { box-sizing: border-box; }
  h2, h3, p, ul { margin: 0; padding: 0; font: inherit; list-style: none; }
  button, select { font: inherit; letter-spacing: inherit; color: inherit; background: none; border: 0; margin: 0; padding: 0; cursor: pointer; }
  :is(button, select):disabled { cursor: default; opacity: 0.45; }
  :focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
  #panel:focus { outline: none; }
  .icon { width: 1.35em; height: 1.35em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`

const button = css`
  .bell { position: relative; display: grid; place-items: center; width: var(--allim-size, 44px); aspect-ratio: 1; border-radius: 50%; transition: background 0.15s; }
  .bell:hover, :host([open]) .bell { background: color-mix(in srgb, currentColor 8%, transparent); }
  .bell .icon { width: 55%; height: 55%; transition: opacity 0.2s; }
  .bell:is([data-state="offline"], [data-state="refused"]) .icon { opacity: 0.45; }
  .bell:is([data-state="offline"], [data-state="refused"])::after {
    content: ""; position: absolute; right: 22%; bottom: 22%; width: 9px; height: 9px; border-radius: 50%;
    border: 2px solid var(--_muted); background: var(--_surface);
  }
  .badge {
    position: absolute; top: 2px; left: 52%; min-width: 20px; padding: 0 5px; border-radius: 10px; text-align: center; white-space: nowrap;
    font-size: 12px; line-height: 20px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: 0;
    color: var(--_on-accent); background: var(--_accent); animation: pop 0.25s ease-out;
  }
`

const panel = css`
  #panel {
    inset: auto; margin: 0; padding: 0; width: min(var(--allim-width, 408px), 100vw - 16px);
    max-height: min(var(--allim-height, 620px), var(--_room, 80vh)); flex-direction: column;
    color: var(--_text); background: var(--_surface); border: 1px solid var(--_line); border-radius: var(--_radius);
    box-shadow: 0 1px 2px rgb(0 0 0 / 6%), 0 12px 36px rgb(0 0 0 / 14%); overflow: hidden;
  }
  #panel:popover-open { display: flex; animation: appear 0.16s ease-out; }
  header { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; padding: 18px 20px 12px; }
  h2 { font-size: 18px; font-weight: 700; letter-spacing: -0.015em; }
  .status { display: flex; align-items: center; gap: 7px; font-size: 12.5px; color: var(--_muted); }
  .status::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--_muted); }
  .status[data-state="online"]::before { background: var(--_online); }
  .status:is([data-state="offline"], [data-state="connecting"])::before { animation: breathe 1.4s ease-in-out infinite; }
  .toolbar, .filters { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 0 20px 10px; }
  .filters { padding-bottom: 14px; border-bottom: 1px solid var(--_line); }
  .tabs { display: flex; padding: 3px; border-radius: 10px; background: var(--_hover); }
  .tabs button { padding: 4px 12px; border-radius: 8px; font-size: 13.5px; color: var(--_muted); }
  .tabs button[aria-pressed="true"] { color: var(--_text); font-weight: 600; background: var(--_chip); box-shadow: 0 1px 2px rgb(0 0 0 / 14%); }
  .number { font-variant-numeric: tabular-nums; color: var(--_accent); font-weight: 650; }
  .quiet { display: inline-flex; align-items: center; gap: 5px; min-height: 32px; padding: 4px 10px; border-radius: 8px; font-size: 13.5px; color: var(--_muted); white-space: nowrap; }
  .quiet:enabled:hover { color: var(--_text); background: var(--_hover); }
  .toolbar .quiet { margin-right: -10px; }
  select {
    appearance: none; flex: 1; min-width: 0; min-height: 34px; padding: 4px 28px 4px 12px; border: 1px solid var(--_line); border-radius: 9px;
    font-size: 13.5px; color: var(--_muted); text-overflow: ellipsis;
    background: linear-gradient(45deg, transparent 50%, currentColor 50%) calc(100% - 15px) 55% / 5px 5px no-repeat,
      linear-gradient(-45deg, transparent 50%, currentColor 50%) calc(100% - 10px) 55% / 5px 5px no-repeat;
  }
  select:hover { border-color: var(--_muted); }
  select.chosen { color: var(--_text); font-weight: 600; border-color: var(--_accent); }
  option { color: var(--_text); background: var(--_surface); font-weight: 400; }
  .notice { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 10px 12px 10px 20px; font-size: 13.5px; background: var(--_tint); border-bottom: 1px solid var(--_line); }
  .notice .quiet { color: var(--_text); font-weight: 600; }
`

const list = css`
  .scroll { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; }
  h3 { padding: 16px 20px 6px; font-size: 12.5px; font-weight: 600; color: var(--_muted); }
  ul { padding: 6px 8px; }
  li { position: relative; display: flex; border-radius: 12px; }
  li:hover, li:focus-within { background: var(--_hover); }
  .open { flex: 1; min-width: 0; display: flex; gap: 12px; padding: 11px 44px 11px 12px; border-radius: 12px; text-align: start; }
  .open:focus-visible { outline-offset: -2px; }
  .kind { display: grid; place-items: center; flex: none; width: 36px; height: 36px; border-radius: 50%; color: var(--_muted); background: var(--_hover); }
  [data-unread] .kind { color: var(--_accent); background: var(--_tint); }
  .text { min-width: 0; display: grid; gap: 3px; }
  .body { color: var(--_muted); text-wrap: pretty; }
  .body b { font-weight: 600; }
  [data-unread] .body { color: var(--_text); }
  .meta { display: flex; flex-wrap: wrap; font-size: 12.5px; color: var(--_muted); }
  .meta > * + *::before { content: "·"; margin: 0 6px; }
  .mark { position: absolute; top: 8px; right: 8px; display: grid; place-items: center; width: 32px; height: 32px; border-radius: 50%; color: transparent; }
  .mark::before { content: ""; grid-area: 1 / 1; width: 8px; height: 8px; border-radius: 50%; background: var(--_accent); transition: opacity 0.15s; }
  .mark .icon { grid-area: 1 / 1; }
  .mark:is(:hover, :focus-visible) { color: var(--_text); background: var(--_hover); }
  .mark:is(:hover, :focus-visible)::before { opacity: 0; }
  .live { animation: settle 2.4s ease-out; }
  .more { display: flex; justify-content: center; width: calc(100% - 32px); margin: 2px 16px 14px; }
  .empty { display: grid; justify-items: center; gap: 4px; padding: 44px 32px 56px; text-align: center; text-wrap: balance; color: var(--_muted); }
  .empty .kind { width: 64px; height: 64px; margin-bottom: 14px; font-size: 20px; }
  .empty b { color: var(--_text); font-size: 16px; font-weight: 650; }
  .scroll[aria-busy="true"] > div:has(li) { opacity: 0.5; transition: opacity 0.2s 0.15s; }
  .skeleton { animation: late 0.4s; }
  .ghost { display: grid; grid-template: 14px 12px / 36px 1fr; gap: 8px 12px; padding: 14px 20px; animation: breathe 1.6s ease-in-out infinite; }
  .ghost span { border-radius: 7px; background: var(--_hover); }
  .ghost span:first-child { grid-row: span 2; height: 36px; border-radius: 50%; }
  .ghost span:last-child { width: 55%; }
`

const motion = css`
  @keyframes pop { from { transform: scale(0.4); } }
  @keyframes appear { from { opacity: 0; transform: translateY(-6px); } }
  @keyframes late { from, 40% { opacity: 0; } }
  @keyframes breathe { 50% { opacity: 0.35; } }
  @keyframes settle { from { background: var(--_tint); opacity: 0; transform: translateY(-8px); } 12% { opacity: 1; transform: none; } 60% { background: var(--_tint); } }
  @media (prefers-reduced-motion: reduce) {
    *, ::before, ::after { animation: none !important; transition: none !important; }
  }
`

export const styles = [theme, button, panel, list, motion]
