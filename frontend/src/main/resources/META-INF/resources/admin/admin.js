// @ts-check
import { html, nothing, render } from "lit";
import { keyed } from "/chat/ui/keyed.js";
import { icons, mark } from "/chat/ui/icons.js";
import { call, forgetKey, key, useKey } from "./api.js";
import { figure } from "./chart.js";
import { channelsOf, Rates } from "./rates.js";

/** For operators: what runs, who is connected where, how far a message got; and to disconnect somebody, or tell everybody something. */

/** Time between two looks, in milliseconds. */
const LOOK_EACH = 2_000;

/** @type {Record<string, string>} */
const STATES = {
  written: "Written to its socket",
  excepted: "Not sent: its sender excepted it",
  behind: "Not yet: it is being caught up from the log",
  full: "Not yet: its socket is full, it goes on when that drains",
};

const number = new Intl.NumberFormat();
const precise = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

const rates = new Rates();
const state = {
  inside: false,
  busy: false,
  problem: "",
  lost: "",
  /** @type {Array<{node: string, connections: number, since: number, version: string}>} */
  nodes: [],
  /** @type {import("./rates.js").Report[]} */
  reports: [],
  filter: "",
  group: "",
  /** @type {any[] | null} */
  messages: null,
  /** @type {any} */
  traced: null,
  /** @type {any[]} */
  deliveries: [],
  told: "",
  /** Who is about to be disconnected. */
  asked: "",
};
/** @type {any} */
let timer;

async function look() {
  clearTimeout(timer);
  try {
    const [{ nodes }, { nodes: reports }] = await Promise.all([call("cluster"), call("cluster/report")]);
    rates.take(reports);
    Object.assign(state, { nodes, reports, inside: true, lost: "" });
  } catch (error) {
    const { status, message } = /** @type {any} */ (error);
    if (status === 401 || status === 403) {
      forgetKey();
      Object.assign(state, { inside: false, problem: message });
      draw();
      return;
    }
    state.lost = message;
  }
  draw();
  timer = setTimeout(look, LOOK_EACH);
}

/** @param {SubmitEvent} event */
async function enter(event) {
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (document.getElementById("key"));
  if (!input.value.trim()) {
    state.problem = "Please enter a key.";
    draw();
    return;
  }
  useKey(input.value.trim());
  Object.assign(state, { busy: true, problem: "" });
  draw();
  await look();
  state.busy = false;
  draw();
}

function leave() {
  clearTimeout(timer);
  forgetKey();
  Object.assign(state, { inside: false, reports: [], nodes: [], messages: null, traced: null, problem: "" });
  draw();
}

/** Does something, and says how it went. @param {() => Promise<string>} deed */
async function run(deed) {
  state.told = "";
  try {
    state.told = await deed();
  } catch (error) {
    state.told = /** @type {Error} */ (error).message;
  }
  draw();
}

/** @param {SubmitEvent} event */
function broadcast(event) {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (document.getElementById("broadcast"));
  const text = field.value.trim();
  if (text) {
    run(async () => {
      await call("messages", "POST", { to: { all: true }, data: { text } });
      field.value = "";
      return "Everybody who is connected has been told.";
    });
  }
}

/** @param {string} connection */
function disconnect(connection) {
  if (state.asked !== connection) {
    state.asked = connection;
    draw();
    return;
  }
  state.asked = "";
  run(async () => {
    await call("connections/" + encodeURIComponent(connection), "DELETE");
    await look();
    return `${connection} is disconnected.`;
  });
}

/** @param {string} group */
function openGroup(group) {
  Object.assign(state, { group, messages: null, traced: null });
  run(async () => {
    const { messages } = await call(`groups/${encodeURIComponent(group)}/messages?limit=30`);
    state.messages = messages.reverse();
    return "";
  });
}

/** @param {any} message */
function trace(message) {
  state.traced = message;
  run(async () => {
    const { nodes } = await call(`cluster/deliveries?group=${encodeURIComponent(state.group)}&seq=${message.seq}`);
    state.deliveries = nodes.flatMap((/** @type {any} */ { node, followers }) => followers.map((/** @type {any} */ each) => ({ ...each, node })));
    return "";
  });
}

function draw() {
  render(state.inside ? page() : door(), /** @type {HTMLElement} */ (document.getElementById("admin")));
}

function door() {
  return html`<main class="door">
    <form class="door-card" novalidate @submit=${enter}>
      <a class="wordmark large" href="/" aria-label="Parley, to the chat">${mark}<span>Parley</span></a>
      <h1>Operate this hub</h1>
      <p class="muted">With a service key, or a token with the role <code>admin</code>. In development the key is <code>dev</code>.</p>
      <label for="key">Key or token</label>
      <input id="key" type="password" autocomplete="off" aria-describedby="door-problem" />
      <p class="problem" id="door-problem" role="alert">${state.problem || nothing}</p>
      <button class="button primary wide" type="submit" ?disabled=${state.busy}>${state.busy ? "One moment…" : "Enter"}</button>
    </form>
  </main>`;
}

function page() {
  const { nodes, reports, lost, told } = state;
  const connections = reports.reduce((sum, report) => sum + report.connections, 0);
  const trouble = reports.reduce((sum, { gaps }) => sum + gaps, 0);
  return html`
    <header class="admin-head">
      <a class="wordmark" href="/" aria-label="Parley, to the chat">${mark}<span>Parley</span></a>
      <span class="admin-word">Admin</span>
      <span class="link-state ${lost ? "" : "connected"}" role="status">${lost || "Up to date"}</span>
      <button class="icon-button" type="button" title="Leave" aria-label="Leave" @click=${leave}>${icons.leave}</button>
    </header>
    <main class="admin">
      <section class="figures" aria-label="Figures">
        ${figure("Entries a second", precise.format(rates.rate), rates.entries)}
        ${figure("Connections", number.format(connections), rates.connections)}
        <div class="figure">
          <h2>Told what they missed</h2>
          <p class="value">${number.format(trouble)}</p>
          <p class="muted">gaps since the start: entries somebody could not have any more</p>
        </div>
      </section>
      ${told ? html`<p class="told" role="status">${told}</p>` : nothing}
      ${instances(nodes)}
      <div class="columns">${groups()} ${messages()}</div>
      ${state.traced ? way() : nothing} ${people()} ${everybody()}
    </main>
  `;
}

/** @param {typeof state.nodes} nodes */
function instances(nodes) {
  return html`<section class="card">
    <h2>Instances <span class="count">${nodes.length}</span></h2>
    <div class="table" tabindex="0" role="region" aria-label="Instances">
      <table>
        <thead>
          <tr><th scope="col">Instance</th><th scope="col">Connections</th><th scope="col">Channels</th><th scope="col">Found full</th><th scope="col">Heap</th><th scope="col">Since</th><th scope="col">Build</th></tr>
        </thead>
        <tbody>
          ${keyed(nodes, ({ node }) => node, ({ node, connections, since, version }) => {
            const report = state.reports.find((each) => each.node === node);
            return html`<tr>
              <td><code>${node}</code></td>
              <td>${number.format(report?.connections ?? connections)}</td>
              <td>${report ? number.format(report.channels) : "–"}</td>
              <td title="Batches that found a socket full">${report ? number.format(report.behind) : "–"}</td>
              <td>${report ? `${number.format(Math.round(report.memory / 1_048_576))} MB` : "–"}</td>
              <td>${clock.format(since)}</td>
              <td>${version}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}

function groups() {
  const all = channelsOf(state.reports).filter(({ channel }) => channel.startsWith("group/"));
  return html`<section class="card">
    <h2>Groups that are followed <span class="count">${all.length}</span></h2>
    ${all.length
      ? html`<ul class="list">
          ${keyed(all, ({ channel }) => channel, ({ channel, seq, nodes }) => {
            const group = channel.slice(6);
            return html`<li>
              <button type="button" aria-current=${group === state.group ? "true" : nothing} @click=${() => openGroup(group)}>
                <span class="name">${group}</span><span class="muted">${number.format(seq)} entries · ${nodes.length === 1 ? "1 instance" : `${nodes.length} instances`}</span>
              </button>
            </li>`;
          })}
        </ul>`
      : html`<p class="muted">Nobody follows any.</p>`}
  </section>`;
}

function messages() {
  if (!state.group) {
    return html`<section class="card"><h2>Messages</h2><p class="muted">Choose a group to see what was said last, and how far each message got.</p></section>`;
  }
  return html`<section class="card">
    <h2>Messages of <code>${state.group}</code></h2>
    <ul class="list">
      ${(state.messages || []).map(
        (message) => html`<li>
          <button type="button" aria-current=${message === state.traced ? "true" : nothing} @click=${() => trace(message)}>
            <span class="name"><strong>${message.from.name || message.from.service}</strong> ${summary(message)}</span>
            <span class="muted">${clock.format(message.time)}</span>
          </button>
        </li>`,
      )}
    </ul>
    ${state.messages?.length ? nothing : html`<p class="muted">${state.messages ? "Nothing was said." : "One moment…"}</p>`}
  </section>`;
}

/** @param {any} message */
function summary({ event, data }) {
  const text = typeof data === "string" ? data : typeof data?.text === "string" ? data.text : JSON.stringify(data);
  return `${event === "message" ? "" : event + " "}${text.slice(0, 90)}`;
}

/** The way of one message. */
function way() {
  const { traced, deliveries, group } = state;
  const { from, time, seq, messageId } = traced;
  const node = from.connection?.split(".")[0];
  const names = new Map(state.reports.flatMap(({ open }) => open.map(({ user, name }) => [user, name])));
  return html`<section class="card" aria-label="The way of a message">
    <h2>The way of message ${number.format(seq)} of <code>${group}</code></h2>
    <dl class="facts">
      <div><dt>Accepted</dt><dd>${clock.format(time)}, ${node ? html`by instance <code>${node}</code> from connection <code>${from.connection}</code>` : html`over the HTTP API`}</dd></div>
      <div><dt>From</dt><dd>${from.name || from.service} ${from.user ? html`<code>${from.user}</code>` : "(a service)"}</dd></div>
      <div><dt>Message id</dt><dd><code>${messageId}</code></dd></div>
    </dl>
    ${deliveries.length
      ? html`<div class="table" tabindex="0" role="region" aria-label="Deliveries">
          <table>
            <thead><tr><th scope="col">Connection</th><th scope="col">User</th><th scope="col">Instance</th><th scope="col">Delivered</th></tr></thead>
            <tbody>
              ${deliveries.map(
                (each) => html`<tr>
                  <td><code>${each.connection}</code></td>
                  <td>${names.get(each.user) || each.user}</td>
                  <td><code>${each.node}</code></td>
                  <td><span class="mark-${each.state}">${STATES[each.state] || each.state}</span></td>
                </tr>`,
              )}
            </tbody>
          </table>
        </div>`
      : html`<p class="muted">No connection follows this group now; who comes back reads it from the log.</p>`}
  </section>`;
}

function people() {
  const open = state.reports.flatMap((report) => report.open.map((each) => ({ ...each, node: report.node })));
  const wanted = state.filter.toLowerCase();
  const found = open.filter(({ user, name, connection }) => `${user} ${name} ${connection}`.toLowerCase().includes(wanted));
  return html`<section class="card">
    <div class="card-head">
      <h2>Connections <span class="count">${found.length}</span></h2>
      <input type="search" aria-label="Find a user or a connection" placeholder="Find a user or a connection" @input=${(/** @type {any} */ event) => ((state.filter = event.target.value), draw())} />
    </div>
    ${found.length
      ? html`<div class="table" tabindex="0" role="region" aria-label="Connections">
          <table>
            <thead><tr><th scope="col">Name</th><th scope="col">User</th><th scope="col">Connection</th><th scope="col">Instance</th><th scope="col">Since</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
            <tbody>
              ${keyed(found.slice(0, 200), ({ connection }) => connection, ({ connection, user, name, node, since }) => html`<tr>
                <td dir="auto">${name}</td>
                <td><code>${user}</code></td>
                <td><code>${connection}</code></td>
                <td><code>${node}</code></td>
                <td>${clock.format(since)}</td>
                <td>
                  <button class="button small ${state.asked === connection ? "danger" : ""}" type="button" aria-label="Disconnect ${name}" @click=${() => disconnect(connection)}>
                    ${state.asked === connection ? "Really?" : "Disconnect"}
                  </button>
                </td>
              </tr>`)}
            </tbody>
          </table>
        </div>`
      : html`<p class="muted">${wanted ? "Nobody of that name." : "Nobody is connected."}</p>`}
  </section>`;
}

function everybody() {
  return html`<section class="card">
    <h2>Tell everybody</h2>
    <form class="broadcast" @submit=${broadcast}>
      <input id="broadcast" aria-label="What to tell everybody" maxlength="500" placeholder="The hub moves to another machine at noon." />
      <button class="button primary" type="submit">Send</button>
    </form>
  </section>`;
}

draw();
if (key()) {
  look();
} else {
  document.getElementById("key")?.focus();
}
