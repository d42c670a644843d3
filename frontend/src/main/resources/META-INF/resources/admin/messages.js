// @ts-check
import { html, nothing } from "lit";
import { plainText } from "../chat/model/plain-text.js";
import { keyed } from "../chat/ui/keyed.js";
import { moment, number } from "./format.js";
import { GROUP } from "./rates.js";
import { around, t } from "./words/words.js";

/** The groups that somebody follows, what was said in one, and how far one message got. */

/** @typedef {import("./admin.js").State} State */
/** @typedef {import("./admin.js").Deeds} Deeds */

/** @type {Record<string, () => string>} */
const DELIVERED = {
  written: () => t("way.written"),
  excepted: () => t("way.excepted"),
  behind: () => t("way.behind"),
  full: () => t("way.full"),
};

/** @param {State} state @param {Deeds} deeds */
export function groups(state, deeds) {
  const { items, waiting } = state.groups;
  return html`<section class="card">
    <div class="card-head">
      <h2>${t("groups.title")} <span class="count">${number(items.length + waiting)}</span></h2>
      ${newOnes(state.groups, deeds)}
    </div>
    ${items.length
      ? html`<ul class="list" id="groups">
          ${keyed(items, ({ channel }) => channel, ({ channel, seq, nodes }) => {
            const group = channel.slice(GROUP.length);
            const extent = `${t("groups.entries", { count: seq })} · ${t("groups.instances", { count: nodes.length })}`;
            return html`<li>
              <button type="button" aria-current=${group === state.group ? "true" : nothing} @click=${() => deeds.openGroup(group)}>
                <span class="name" dir="auto">${group}</span><span class="muted">${extent}</span>
              </button>
            </li>`;
          })}
        </ul>`
      : html`<p class="muted">${t("groups.none")}</p>`}
  </section>`;
}

/** @param {State} state @param {Deeds} deeds */
export function messages(state, deeds) {
  if (!state.group) {
    return html`<section class="card"><h2>${t("said.title")}</h2><p class="muted">${t("said.choose")}</p></section>`;
  }
  return html`<section class="card">
    <div class="card-head">
      <h2>${around("said.of", { group: html`<code>${state.group}</code>` })}</h2>
      ${newOnes(state.said, deeds)}
    </div>
    <ul class="list" id="said">
      ${keyed(state.said.items, ({ messageId }) => messageId, (message) => html`<li>
        <button type="button" aria-current=${message.messageId === state.traced?.messageId ? "true" : nothing} @click=${() => deeds.trace(message)}>
          <span class="name" dir="auto"><strong>${message.from.name || message.from.service}</strong> ${summary(message)}</span>
          <span class="muted">${moment(message.time)}</span>
        </button>
      </li>`)}
    </ul>
    ${state.said.items.length ? nothing : html`<p class="muted">${t(state.read ? "said.none" : "admin.busy")}</p>`}
  </section>`;
}

/** What came while somebody pointed at a list, for who wants to see it. @param {import("./steady.js").Steady<any>} list @param {Deeds} deeds */
function newOnes(list, deeds) {
  return list.waiting
    ? html`<button class="link" type="button" @click=${() => deeds.release(list)}>${t("admin.new", { count: list.waiting })}</button>`
    : nothing;
}

/** @param {any} message */
function summary({ event, data }) {
  if (event === "membership") {
    return `${event} ${data.state} ${data.name || data.user}`;
  }
  const text = typeof data === "string" ? data : typeof data?.text === "string" ? data.text : JSON.stringify(data);
  return `${event === "message" ? "" : event + " "}${plainText(text.slice(0, 160))}`;
}

/** The way of one message. @param {State} state */
export function way(state) {
  const { traced, deliveries, group } = state;
  const { from, time, seq, messageId } = traced;
  const node = from.connection?.split(".")[0];
  return html`<section class="card" aria-label=${t("way.region")}>
    <h2>${around("way.title", { seq: number(seq), group: html`<code>${group}</code>` })}</h2>
    <dl class="facts">
      <div>
        <dt>${t("way.accepted")}</dt>
        <dd>
          ${node
            ? around("way.byInstance", { time: moment(time), node: html`<code>${node}</code>`, connection: html`<code>${from.connection}</code>` })
            : around("way.byHttp", { time: moment(time) })}
        </dd>
      </div>
      <div><dt>${t("way.from")}</dt><dd><bdi>${from.name || from.service}</bdi> ${from.user ? html`<code>${from.user}</code>` : t("way.service")}</dd></div>
      <div><dt>${t("way.messageId")}</dt><dd><code>${messageId}</code></dd></div>
    </dl>
    ${deliveries?.length ? table(state, deliveries) : html`<p class="muted">${t(deliveries ? "way.nobody" : "admin.busy")}</p>`}
  </section>`;
}

/** @param {State} state @param {any[]} deliveries */
function table({ reports }, deliveries) {
  const names = new Map(reports.flatMap(({ open }) => open.map(({ user, name }) => [user, name])));
  return html`<div class="table" tabindex="0" role="region" aria-label=${t("way.deliveries")}>
    <table>
      <thead>
        <tr><th scope="col">${t("way.connection")}</th><th scope="col">${t("way.user")}</th><th scope="col">${t("instances.instance")}</th><th scope="col">${t("way.delivered")}</th></tr>
      </thead>
      <tbody>
        ${deliveries.map(
          (each) => html`<tr>
            <td><code>${each.connection}</code></td>
            <td><bdi>${names.get(each.user) || each.user}</bdi></td>
            <td><code>${each.node}</code></td>
            <td><span class="mark-${each.state}">${DELIVERED[each.state]?.() || each.state}</span></td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
