// @ts-check
import { render } from "lit";
import { call, forgetKey, key, useKey } from "./api.js";
import { Rates } from "./rates.js";
import { door, page } from "./views.js";
import { t } from "./words/words.js";

/** For operators: what runs, who is connected where, how far a message got; and to disconnect somebody, or tell everybody something. */

/** Time between two looks, in milliseconds. */
const LOOK_EACH = 2_000;

const state = {
  rates: new Rates(),
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
  /** @type {any[] | null} */
  deliveries: null,
  told: "",
  /** The connection that is about to be ended. */
  asked: "",
};
/** @typedef {typeof state} State */

/** @type {any} */
let timer;

async function look() {
  clearTimeout(timer);
  try {
    const [{ nodes }, { nodes: reports }] = await Promise.all([call("cluster"), call("cluster/report")]);
    state.rates.take(reports);
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
    state.problem = t("door.empty");
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
      return t("tell.done");
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
    return t("people.disconnected", { connection });
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
  Object.assign(state, { traced: message, deliveries: null });
  run(async () => {
    const { nodes } = await call(`cluster/deliveries?group=${encodeURIComponent(state.group)}&seq=${message.seq}`);
    state.deliveries = nodes.flatMap((/** @type {any} */ { node, followers }) => followers.map((/** @type {any} */ each) => ({ ...each, node })));
    return "";
  });
}

/** @param {string} wanted */
function find(wanted) {
  state.filter = wanted;
  draw();
}

const deeds = { enter, leave, broadcast, disconnect, openGroup, trace, find };
/** @typedef {typeof deeds} Deeds */

function draw() {
  render(state.inside ? page(state, deeds) : door(state, deeds), /** @type {HTMLElement} */ (document.getElementById("admin")));
}

document.title = `${t("admin.title")} · Parley`;
draw();
if (key()) {
  look();
} else {
  document.getElementById("key")?.focus();
}
