// @ts-check
import { render } from "lit";
import { call, forgetKey, key, useKey } from "./api.js";
import { channelsOf, GROUP, Rates } from "./rates.js";
import { Steady } from "./steady.js";
import { door, page } from "./views.js";
import { t } from "./words/words.js";

/** For operators: what runs, who is connected where, how far a message got; and to disconnect somebody, or tell everybody something. */

/** Time between two looks, in milliseconds. */
const LOOK_EACH = 2_000;
/** Messages of a group that are shown, the newest. */
const MESSAGES = 30;
/** How long it is told how something went, in milliseconds. */
const TOLD_FOR = 6_000;

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
  /** Those that somebody follows, the liveliest first. @type {Steady<{channel: string, seq: number, nodes: string[]}>} */
  groups: new Steady(({ channel }) => channel),
  /** Whose messages are shown. */
  group: "",
  /** The newest first. @type {Steady<any>} */
  said: new Steady(({ messageId }) => messageId),
  /** Whether they have come. */
  read: false,
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
/** @type {any} */
let telling;

async function look() {
  clearTimeout(timer);
  try {
    const [{ nodes }, { nodes: reports }] = await Promise.all([call("cluster"), call("cluster/report")]);
    if (!key()) {
      return; // Left meanwhile.
    }
    state.rates.take(reports);
    state.groups.take(channelsOf(reports).filter(({ channel }) => channel.startsWith(GROUP)), held("groups"));
    Object.assign(state, { nodes, reports, inside: true, lost: "" });
    await Promise.allSettled([lookAtMessages(), lookAtDeliveries()]); // Why not was told when they were asked for.
  } catch (error) {
    const { status, message } = /** @type {any} */ (error);
    if (status === 401 || status === 403) {
      forgetKey();
      Object.assign(state, { inside: false, problem: t(status === 401 ? "door.refused" : "door.notAdmin") });
      draw();
      return;
    }
    state.lost = message;
  }
  draw();
  timer = setTimeout(look, LOOK_EACH);
}

/** Whether somebody is about to press something in a list: what is there may not move away. @param {string} list its id */
function held(list) {
  return Boolean(document.querySelector(`#${list}:is(:hover, :has(:focus-visible))`));
}

async function lookAtMessages() {
  const { group } = state;
  if (group) {
    const { messages } = await call(`groups/${encodeURIComponent(group)}/messages?limit=${MESSAGES}`);
    if (group === state.group) {
      state.said.take(messages.reverse(), held("said"));
      state.read = true;
    }
  }
}

async function lookAtDeliveries() {
  const { traced, group } = state;
  if (traced) {
    const { nodes } = await call(`cluster/deliveries?group=${encodeURIComponent(group)}&seq=${traced.seq}`);
    if (traced === state.traced) {
      state.deliveries = nodes.flatMap((/** @type {any} */ { node, followers }) => followers.map((/** @type {any} */ each) => ({ ...each, node })));
    }
  }
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
  Object.assign(state, { inside: false, reports: [], nodes: [], group: "", traced: null, problem: "" });
  draw();
}

/** Does something, and says how it went. @param {() => Promise<string>} deed */
async function run(deed) {
  clearTimeout(telling);
  state.told = "";
  try {
    state.told = await deed();
  } catch (error) {
    state.told = /** @type {Error} */ (error).message;
  }
  draw();
  telling = setTimeout(() => {
    state.told = "";
    draw();
  }, TOLD_FOR);
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
  state.said.take([], false);
  Object.assign(state, { group, read: false, traced: null });
  run(async () => {
    await lookAtMessages();
    return "";
  });
}

/** @param {any} message */
function trace(message) {
  Object.assign(state, { traced: message, deliveries: null });
  run(async () => {
    await lookAtDeliveries();
    return "";
  });
}

/** Shows in a list what came while somebody pointed at it. @param {Steady<any>} list */
function release(list) {
  list.release();
  draw();
}

/** @param {string} wanted */
function find(wanted) {
  state.filter = wanted;
  draw();
}

const deeds = { enter, leave, broadcast, disconnect, openGroup, trace, release, find };
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
