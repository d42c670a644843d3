// @ts-check
import { html, svg } from "lit";

/** Line icons on a 24 unit grid, drawn in the colour of the text around them. */

/** @param {unknown} lines */
const icon = (lines) =>
  html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${lines}</svg>`;

export const icons = {
  plus: icon(svg`<path d="M12 5v14M5 12h14" />`),
  send: icon(svg`<path d="M5 12h13M12 5.5 18.5 12 12 18.5" />`),
  back: icon(svg`<path d="M15 5.5 8.5 12l6.5 6.5" />`),
  down: icon(svg`<path d="M12 5v13.5M5.5 12.5 12 19l6.5-6.5" />`),
  close: icon(svg`<path d="M6.5 6.5l11 11M17.5 6.5l-11 11" />`),
  people: icon(svg`<circle cx="9" cy="8.5" r="3.5" /><path d="M2.8 19.5c.6-3.4 3-5.2 6.2-5.2s5.6 1.8 6.2 5.2M16 5.3a3.5 3.5 0 0 1 0 6.4M18.3 14.9c1.6.8 2.6 2.3 2.9 4.6" />`),
  leave: icon(svg`<path d="M14 4.5H6.5a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1H14M10.5 12H20.5M17 8.5 20.5 12 17 15.5" />`),
  sun: icon(svg`<circle cx="12" cy="12" r="4" /><path d="M12 2.8v1.7M12 19.5v1.7M4.2 4.2l1.2 1.2M18.6 18.6l1.2 1.2M2.8 12h1.7M19.5 12h1.7M4.2 19.8l1.2-1.2M18.6 5.4l1.2-1.2" />`),
  moon: icon(svg`<path d="M20 14.2A8.3 8.3 0 0 1 9.8 4 8.3 8.3 0 1 0 20 14.2Z" />`),
  check: icon(svg`<path d="M5.5 12.5l4.3 4.3 8.7-9.6" />`),
  checks: icon(svg`<path d="M2.5 12.5l4.3 4.3 8.7-9.6M11.5 16.3l.5.5 9.5-9.6" />`),
  clock: icon(svg`<circle cx="12" cy="12" r="8" /><path d="M12 7.5V12l3 2" />`),
  warning: icon(svg`<path d="M12 4 2.8 19.8h18.4L12 4ZM12 10v4.5M12 17.2v.1" />`),
  trash: icon(svg`<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.2 11v5M13.8 11v5" />`),
  bot: icon(svg`<rect x="5" y="8.5" width="14" height="10.5" rx="2.5" /><path d="M12 8.5V5M9.2 13v1.2M14.8 13v1.2" /><circle cx="12" cy="4.2" r=".8" />`),
  chat: icon(svg`<path d="M4 6.5a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6.5L7 20.5v-4H6a2 2 0 0 1-2-2Z" />`),
  wifiOff: icon(svg`<path d="M4 4l16 16M2.5 9.3A14 14 0 0 1 7 6.5M11 5.3a14 14 0 0 1 10.5 4M5.8 13a9.3 9.3 0 0 1 4.2-2.4M15.5 11.5a9 9 0 0 1 2.7 1.7M9 16.6a4.5 4.5 0 0 1 6 0M12 19.8v.1" />`),
  search: icon(svg`<circle cx="10.5" cy="10.5" r="6" /><path d="M15 15l5 5" />`),
  more: icon(svg`<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="3" />`),
  settings: icon(svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9M4 12h2M10 12h10" /><circle cx="15" cy="7" r="2" /><circle cx="9" cy="17" r="2" /><circle cx="8" cy="12" r="2" />`),
  smile: icon(svg`<circle cx="12" cy="12" r="8.2" /><path d="M8.5 14.2c.8 1.4 2 2.1 3.5 2.1s2.7-.7 3.5-2.1M9 9.8v.4M15 9.8v.4" />`),
  reply: icon(svg`<path d="M9.5 6 4 11.5 9.5 17M4.5 11.5H14a6 6 0 0 1 6 6v1" />`),
  edit: icon(svg`<path d="M4.5 19.5l.8-4L16 4.8l3.2 3.2L8.5 18.7ZM13.8 7l3.2 3.2" />`),
  link: icon(svg`<path d="M10 14a4 4 0 0 0 6 .4l2.8-2.8a4 4 0 0 0-5.7-5.7l-1.4 1.4M14 10a4 4 0 0 0-6-.4l-2.8 2.8a4 4 0 0 0 5.7 5.7l1.4-1.4" />`),
  unread: icon(svg`<path d="M20 11v6.5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-10a1 1 0 0 1 1-1h8.5M4.5 8l7.5 5.5 3.5-2.6" /><circle cx="18.5" cy="6.5" r="2.2" />`),
  bellOff: icon(svg`<path d="M4 4l16 16M7 9.5c-.5 4-1.5 5.500-2.500 7h11.500M10 19.500a2.200 2.200 0 0 0 4 0M9.300 5.600A5 5 0 0 1 17 10c.1 1.400.3 2.600.6 3.600" />`),
  bell: icon(svg`<path d="M12 4a5 5 0 0 0-5 5c0 4-1 6-2.500 7.500h15C18 15 17 13 17 9a5 5 0 0 0-5-5ZM10 19.500a2.200 2.200 0 0 0 4 0" />`),
  addPerson: icon(svg`<circle cx="10" cy="8.500" r="3.500" /><path d="M3.500 19.500c.6-3.400 3.200-5.200 6.500-5.200 1.500 0 2.900.4 4 1.100M18 13.500v6M15 16.500h6" />`),
  megaphone: icon(svg`<path d="M4 10v4a1 1 0 0 0 1 1h2.5L16.5 19V5L7.5 9H5a1 1 0 0 0-1 1ZM7.5 15v4.5M19.5 10a3 3 0 0 1 0 4" />`),
};

/** The mark of Parley: two lines of speech that meet. */
export const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <rect class="mark-ground" width="32" height="32" rx="9" />
  <path class="mark-line" d="M9 24V11.5A3.5 3.5 0 0 1 12.5 8H18a5.5 5.5 0 0 1 0 11h-4.5" fill="none" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
  <circle class="mark-dot" cx="17.8" cy="13.5" r="1.7" />
</svg>`;
