// @ts-check
import { html, svg } from "lit";
import { pointsOf } from "/live/board.js";

const WIDTH = 320;
const HEIGHT = 56;

/** A figure with its way here. @param {string} name @param {string} value @param {number[]} values */
export function figure(name, value, values) {
  const points = pointsOf(values.length > 1 ? values : [0, 0], WIDTH, HEIGHT);
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return html`<div class="figure">
    <h2>${name}</h2>
    <p class="value">${value}</p>
    <svg class="line" viewBox="-4 -6 ${WIDTH + 8} ${HEIGHT + 12}" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<polygon points="0,${HEIGHT + 6} ${path} ${WIDTH},${HEIGHT + 6}" />
        <polyline points=${path} vector-effect="non-scaling-stroke" />`}
    </svg>
  </div>`;
}
