// @ts-check
import { html, svg } from "lit";
import { pointsOf } from "./board.js";

const WIDTH = 320;
const HEIGHT = 56;

/** How a figure got to where it is, for the eye only. @param {number[]} values @param {number=} floor */
export function line(values, floor) {
  const points = pointsOf(values.length > 1 ? values : [values[0] ?? 0, values[0] ?? 0], WIDTH, HEIGHT, floor);
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return html`<svg class="line" viewBox="0 -6 ${WIDTH} ${HEIGHT + 12}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<polygon points="0,${HEIGHT + 6} ${path} ${WIDTH},${HEIGHT + 6}" />
      <polyline points=${path} vector-effect="non-scaling-stroke" />`}
  </svg>`;
}
