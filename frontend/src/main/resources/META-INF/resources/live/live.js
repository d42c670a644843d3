// @ts-check
import { html, nothing, render } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Parley } from "../client/parley.js";
import { rememberedIdentity } from "../chat/model/identity.js";
import { inWords } from "../chat/model/errors.js";
import { pageHead } from "../chat/ui/page-head.js";
import { Board } from "./board.js";
import { card } from "./card.js";
import { t } from "./words/words.js";

/** What a backend pushes to is shown here; the README says how. */
const GROUP = "live:board";
/** Enough of the past to draw the lines of a board that was running before this page was opened. */
const PAST = 500;

const COMMAND = `curl -X POST ${location.origin}/v1/messages \\
  -H 'Authorization: Bearer dev' -H 'Content-Type: application/json' \\
  -d '{"to":{"group":"${GROUP}"},"event":"figure","data":{"name":"ACME","value":12.3}}'`;

const STATES = /** @type {const} */ ({ connected: "connected", connecting: "waiting", disconnected: "lost" });

const board = new Board();
let guest = rememberedIdentity()?.token ?? null;
let problem = "";
let copied = false;
let drawing = false;

const parley = new Parley(`${location.origin.replace(/^http/, "ws")}/v1/connect`, {
  client: { name: "parley-live", version: "1" },
  getToken: (reason) => (reason === "connect" ? guest : null),
});

parley.on("state", ({ state, welcome, code }) => {
  guest = welcome?.token ?? guest;
  // 4100: neither the token that was kept nor a guest is let in.
  problem = state === "disconnected" ? t(code === 4100 ? "live.noGuests" : "live.ended") : "";
  draw();
});
parley.on("message", (message) => {
  if (message.channel === `group/${GROUP}` && board.take(message)) {
    draw();
  }
});
parley.connect().then(follow, () => {}); // Why not is told with the state.

async function follow() {
  try {
    await parley.join(GROUP, { since: { last: PAST } });
  } catch (error) {
    if (/** @type {any} */ (error).retryable) {
      setTimeout(follow, 1_000);
    } else {
      problem = inWords(error);
      draw();
    }
  }
}

/** Once a frame of the screen at most, however many figures come. */
function draw() {
  if (!drawing) {
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      render(page(), /** @type {HTMLElement} */ (document.getElementById("live")));
    });
  }
}

function page() {
  const { figures, received } = board;
  return html`
    ${pageHead({ toChat: t("live.toChat"), title: t("live.title"), state: STATES[parley.state], status: t(`live.${parley.state}`) })}
    <main class="page">
      ${problem ? html`<p class="live-problem" role="alert">${problem}</p>` : nothing}
      ${figures.length
        ? html`<ul class="cards">${repeat(figures, ({ name }) => name, card)}</ul>
            <p class="muted received">${t("live.received", { count: received })}</p>`
        : empty()}
    </main>
  `;
}

function empty() {
  return html`<section class="live-empty">
    <h1>${t("live.empty")}</h1>
    <p class="muted">${t("live.emptyHint")}</p>
    <div class="command">
      <pre tabindex="0"><code>${COMMAND}</code></pre>
      <button class="button small" type="button" @click=${copy}>${t(copied ? "live.copied" : "live.copy")}</button>
    </div>
  </section>`;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(COMMAND);
  } catch {
    // Pages that came over plain HTTP may not write there: it is marked, to be copied by hand.
    getSelection()?.selectAllChildren(/** @type {Element} */ (document.querySelector(".command code")));
    return;
  }
  copied = true;
  draw();
  setTimeout(() => {
    copied = false;
    draw();
  }, 2_000);
}

document.title = `${t("live.title")} · Parley`;
draw();
