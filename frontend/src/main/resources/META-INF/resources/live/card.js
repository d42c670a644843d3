// @ts-check
import { html, nothing, svg } from "lit";
import { changeOf, pointsOf } from "./board.js";

const WIDTH = 240;
const HEIGHT = 56;

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** A figure with its way to the last value. @param {import("./board.js").Figure} figure */
export function card({ name, unit, values, time, changes }) {
  const last = values[values.length - 1];
  const change = changeOf(values);
  const direction = !change ? "same" : change > 0 ? "up" : "down";
  // Two animations of one look, in turn: a new one begins, where the same would go on.
  return html`<li class="card ${direction} flash-${changes % 2}">
    <h2 dir="auto">${name}</h2>
    <p class="value">${number.format(last)}${unit ? html` <span class="unit">${unit}</span>` : nothing}</p>
    <p class="change">
      ${change === null ? "\u00a0" : html`<span aria-hidden="true">${change > 0 ? "▲" : change < 0 ? "▼" : "•"}</span> ${percent.format(change)} %`}
    </p>
    ${line(values)}
    <p class="when">${clock.format(time)}</p>
  </li>`;
}

/** @param {number[]} values */
function line(values) {
  const points = pointsOf(values.length > 1 ? values : [...values, ...values], WIDTH, HEIGHT);
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return html`<svg class="line" viewBox="-4 -6 ${WIDTH + 8} ${HEIGHT + 12}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<polygon points="0,${HEIGHT + 6} ${path} ${WIDTH},${HEIGHT + 6}" />
      <polyline points=${path} vector-effect="non-scaling-stroke" />`}
  </svg>`;
}
