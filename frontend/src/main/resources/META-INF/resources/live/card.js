// @ts-check
import { html, nothing } from "lit";
import { locale } from "../chat/words/language.js";
import { changeOf } from "./board.js";
import { line } from "./line.js";

const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });

/** A figure with its way to the last value. @param {import("./board.js").Figure} figure */
export function card({ name, unit, values, time, changes }) {
  const last = values[values.length - 1];
  const change = changeOf(values);
  const direction = !change ? "same" : change > 0 ? "up" : "down";
  // Two animations of one look, in turn: a new one begins, where the same would go on.
  return html`<li class="card ${direction} flash-${changes % 2}">
    <h2 dir="auto">${name}</h2>
    <p class="value"><bdi>${number.format(last)}</bdi>${unit ? html` <bdi class="unit">${unit}</bdi>` : nothing}</p>
    <p class="change">
      ${change === null
        ? "\u00a0"
        : html`<span aria-hidden="true">${change > 0 ? "▲" : change < 0 ? "▼" : "•"}</span> <bdi>${percent.format(change)} %</bdi>`}
    </p>
    ${line(values)}
    <p class="when">${clock.format(time)}</p>
  </li>`;
}
