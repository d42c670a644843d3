// @ts-check
import { html, nothing } from "lit";
import { icons, mark } from "../chat/ui/icons.js";
import { keyed } from "../chat/ui/keyed.js";
import { pageHead } from "../chat/ui/page-head.js";
import { line } from "../live/line.js";
import { moment, number } from "./format.js";
import { groups, messages, way } from "./messages.js";
import { around, t } from "./words/words.js";

/** What an operator sees: the way in, and behind it the page. */

/** Connections shown at once; more are found by searching. */
const SHOWN = 200;

/** @typedef {import("./admin.js").State} State */
/** @typedef {import("./admin.js").Deeds} Deeds */

/** @param {State} state @param {Deeds} deeds */
export const door = ({ problem, busy }, deeds) => html`<main class="door">
  <form class="door-card" novalidate @submit=${deeds.enter}>
    <a class="wordmark large" href="/" aria-label=${t("admin.toChat")}>${mark}<span>Parley</span></a>
    <h1>${t("door.title")}</h1>
    <p class="muted">${around("door.lead", { role: html`<code>admin</code>`, key: html`<code>dev</code>` })}</p>
    <label for="key">${t("door.key")}</label>
    <input id="key" type="password" autocomplete="off" aria-describedby="door-problem" />
    <p class="problem" id="door-problem" role="alert">${problem || nothing}</p>
    <button class="button primary wide" type="submit" ?disabled=${busy}>${t(busy ? "door.busy" : "door.enter")}</button>
  </form>
</main>`;

/** @param {State} state @param {Deeds} deeds */
export const page = (state, deeds) => html`
  ${pageHead({
    toChat: t("admin.toChat"),
    title: t("admin.title"),
    state: state.lost ? "lost" : "connected",
    status: state.lost || t("admin.upToDate"),
    action: html`<button class="icon-button" type="button" title=${t("admin.leave")} aria-label=${t("admin.leave")} @click=${deeds.leave}>${icons.leave}</button>`,
  })}
  <main class="page admin">
    ${figures(state)} ${instances(state)}
    <div class="columns">${groups(state, deeds)} ${messages(state, deeds)}</div>
    ${state.traced ? way(state) : nothing} ${people(state, deeds)} ${everybody(deeds)}
  </main>
  <div class="told" role="status">${state.told ? html`<p>${state.told}</p>` : nothing}</div>
`;

/** @param {State} state */
function figures({ reports, rates }) {
  const sum = (/** @type {(report: import("./rates.js").Report) => number} */ of) => number(reports.reduce((total, report) => total + of(report), 0));
  return html`<section class="figures" aria-label=${t("figures.region")}>
    <div class="figure"><h2>${t("figures.entries")}</h2><p class="value">${number(rates.rate)}</p>${line(rates.entries, 0)}<p class="muted">${t("figures.peak", { value: number(rates.peak) })}</p></div>
    <div class="figure"><h2>${t("figures.connections")}</h2><p class="value">${sum(({ connections }) => connections)}</p>${line(rates.connections, 0)}</div>
    <div class="figure"><h2>${t("figures.gaps")}</h2><p class="value">${sum(({ gaps }) => gaps)}</p><p class="muted">${t("figures.gapsHint")}</p></div>
  </section>`;
}

/** @param {State} state */
function instances({ nodes, reports }) {
  return html`<section class="card">
    <h2>${t("instances.title")} <span class="count">${number(nodes.length)}</span></h2>
    <div class="table" tabindex="0" role="region" aria-label=${t("instances.title")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("instances.instance")}</th><th scope="col">${t("figures.connections")}</th><th scope="col">${t("instances.channels")}</th>
            <th scope="col">${t("instances.full")}</th><th scope="col">${t("instances.heap")}</th><th scope="col">${t("instances.since")}</th><th scope="col">${t("instances.build")}</th>
          </tr>
        </thead>
        <tbody>
          ${keyed(nodes, ({ node }) => node, ({ node, connections, since, version }) => {
            const report = reports.find((each) => each.node === node);
            return html`<tr>
              <td><code>${node}</code></td>
              <td>${number(report?.connections ?? connections)}</td>
              <td>${report ? number(report.channels) : "–"}</td>
              <td title=${t("instances.fullHint")}>${report ? number(report.behind) : "–"}</td>
              <td>${report ? t("instances.megabytes", { count: Math.round(report.memory / 1_048_576) }) : "–"}</td>
              <td>${moment(since)}</td>
              <td><bdi>${version}</bdi></td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** @param {State} state @param {Deeds} deeds */
function people({ reports, filter, asked }, deeds) {
  const open = reports.flatMap((report) => report.open.map((each) => ({ ...each, node: report.node })));
  open.sort((one, other) => one.since - other.since || one.connection.localeCompare(other.connection)); // New ones move nobody away.
  const wanted = filter.toLowerCase();
  const found = open.filter(({ user, name, connection }) => `${user} ${name} ${connection}`.toLowerCase().includes(wanted));
  const hidden = found.length - SHOWN;
  return html`<section class="card">
    <div class="card-head">
      <h2>${t("people.title")} <span class="count">${number(found.length)}</span></h2>
      <input type="search" aria-label=${t("people.find")} placeholder=${t("people.find")} @input=${(/** @type {any} */ event) => deeds.find(event.target.value)} />
    </div>
    ${found.length
      ? html`<div class="table" tabindex="0" role="region" aria-label=${t("people.title")}>
          <table>
            <thead>
              <tr>
                <th scope="col">${t("people.name")}</th><th scope="col">${t("way.user")}</th><th scope="col">${t("way.connection")}</th>
                <th scope="col">${t("instances.instance")}</th><th scope="col">${t("instances.since")}</th><th scope="col"><span class="visually-hidden">${t("people.actions")}</span></th>
              </tr>
            </thead>
            <tbody>
              ${keyed(found.slice(0, SHOWN), ({ connection }) => connection, ({ connection, user, name, node, since }) => html`<tr>
                <td><bdi>${name}</bdi></td>
                <td><code>${user}</code></td>
                <td><code>${connection}</code></td>
                <td><code>${node}</code></td>
                <td>${moment(since)}</td>
                <td class="end">
                  <button
                    class="button small ${asked === connection ? "danger" : ""}"
                    type="button"
                    aria-label=${t("people.disconnectName", { name })}
                    @click=${() => deeds.disconnect(connection)}
                  >
                    ${t(asked === connection ? "people.really" : "people.disconnect")}
                  </button>
                </td>
              </tr>`)}
            </tbody>
          </table>
        </div>`
      : html`<p class="muted">${t(wanted ? "people.notFound" : "people.none")}</p>`}
    ${hidden > 0 ? html`<p class="muted more">${t("people.more", { count: hidden })}</p>` : nothing}
  </section>`;
}

/** @param {Deeds} deeds */
const everybody = (deeds) => html`<section class="card">
  <h2>${t("tell.title")}</h2>
  <form class="broadcast" @submit=${deeds.broadcast}>
    <input id="broadcast" aria-label=${t("tell.field")} maxlength="500" placeholder=${t("tell.example")} dir="auto" />
    <button class="button primary" type="submit">${t("tell.send")}</button>
  </form>
</section>`;
