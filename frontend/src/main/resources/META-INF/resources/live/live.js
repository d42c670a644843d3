// @ts-check
import { html, nothing, render } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Parley } from "/client/parley.js";
import { rememberedIdentity } from "/chat/model/identity.js";
import { mark } from "/chat/ui/icons.js";
import { Board } from "./board.js";
import { card } from "./card.js";

/** What a backend pushes to is shown here; the README says how. */
const GROUP = "live:board";
/** Enough of the past to draw the lines of a board that was running before this page was opened. */
const PAST = 500;

const COMMAND = `curl -X POST ${location.origin}/v1/messages \\
  -H 'Authorization: Bearer dev' -H 'Content-Type: application/json' \\
  -d '{"to":{"group":"${GROUP}"},"event":"figure","data":{"name":"ACME","value":12.3}}'`;

/** @type {Record<string, string>} */
const WORDS = { connected: "Live", connecting: "Connecting…", disconnected: "Not connected" };

const board = new Board();
let guest = rememberedIdentity()?.token ?? null;
let problem = "";
let copied = false;
let drawing = false;

const parley = new Parley(`${location.origin.replace(/^http/, "ws")}/v1/connect`, {
  client: { name: "parley-live", version: "1" },
  getToken: (reason) => (reason === "connect" ? guest : null),
});

parley.on("state", ({ state, welcome, error }) => {
  guest = welcome?.token ?? guest;
  problem = state === "disconnected" ? error?.message || "The connection has ended." : "";
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
      problem = /** @type {Error} */ (error).message;
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
    <header class="live-head">
      <a class="wordmark" href="/" aria-label="Parley, to the chat">${mark}<span>Parley</span></a>
      <span class="live-word">Live board</span>
      <span class="link-state ${parley.state}" role="status">${WORDS[parley.state]}</span>
    </header>
    <main class="live">
      ${problem ? html`<p class="live-problem" role="alert">${problem}</p>` : nothing}
      ${figures.length
        ? html`<ul class="cards">${repeat(figures, ({ name }) => name, card)}</ul>
            <p class="muted received">${received} ${received === 1 ? "figure" : "figures"} received</p>`
        : empty()}
    </main>
  `;
}

function empty() {
  return html`<section class="live-empty">
    <h1>Nothing has been pushed yet</h1>
    <p class="muted">Send a figure from any backend, and it shows up here at once. From a shell, with the key of dev mode:</p>
    <div class="command">
      <pre tabindex="0"><code>${COMMAND}</code></pre>
      <button class="button small" type="button" @click=${copy}>${copied ? "Copied" : "Copy"}</button>
    </div>
  </section>`;
}

async function copy() {
  await navigator.clipboard.writeText(COMMAND);
  copied = true;
  draw();
  setTimeout(() => {
    copied = false;
    draw();
  }, 2_000);
}

draw();
