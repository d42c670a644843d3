// @ts-check
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { rowsOf } from "../model/rows.js";
import { ListWindow } from "../model/list-window.js";
import { icons } from "./icons.js";
import { rowTemplate } from "./message-row.js";
import { dayOf } from "./time.js";
import { View } from "./view.js";

/** Closer to an end than this, more is brought, in pixels. */
const NEAR = 600;
/** Closer to the bottom than this, the list follows new messages. */
const AT_BOTTOM = 60;

/**
 * The messages of the open conversation. Keeps its place when older ones come in above; follows new ones only while
 * the bottom is in sight, else counts them on the way there.
 */
class MessageList extends View {
  constructor() {
    super();
    this.window = new ListWindow();
    /** @type {import("../model/conversation.js").Conversation | undefined} */
    this.conversation = undefined;
    this.stuck = true;
    /** The newest message at the last rendering. */
    this.lastShown = "";
    /** The newest message when the reader left the bottom. */
    this.lastSeen = "";
    this.lastTop = 0;
    this.ownPending = 0;
    /** @type {Array<{key: string, bottom: number}>} */
    this.anchors = [];
    this.onLook = () => this.#readIfSeen();
    // A composer that grows, a keyboard that comes up, an image of text that wraps anew: the bottom stays in sight.
    this.observer = new ResizeObserver(() => this.stuck && this.#toBottom());
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("focus", this.onLook);
    document.addEventListener("visibilitychange", this.onLook);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("focus", this.onLook);
    document.removeEventListener("visibilitychange", this.onLook);
    this.observer.disconnect();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    const { current } = this.store;
    const { scroller } = this;
    if (current === this.conversation) {
      this.#letGo(scroller);
    } else {
      this.conversation = current;
      this.window = new ListWindow();
      this.stuck = true;
      this.opened = false;
      this.lastTop = 0;
      this.ownPending = 0;
    }
    const { entries = [], pending = [] } = current?.timeline || {};
    if (pending.length > this.ownPending) {
      this.stuck = true; // Whoever writes wants to see it.
      this.window.toLatest();
    }
    this.ownPending = pending.length;
    if (!this.stuck && scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > NEAR) {
      this.window.freeze(entries);
    }
    this.anchors = this.stuck ? [] : this.#visibleMessages();
  }

  render() {
    const { conversation, store, hub } = this;
    if (!conversation) {
      return nothing;
    }
    const { timeline, loaded } = conversation;
    const shown = this.window.slice(timeline.entries);
    const atEnd = this.window.reachesEnd;
    const all = atEnd ? [...shown, ...timeline.pending] : shown;
    // That the two of a direct conversation joined it goes without saying.
    const told = conversation.other ? all.filter((entry) => entry.kind !== "membership") : all;
    const rows = rowsOf(told, conversation.newSince, store.me.id);
    const context = {
      me: store.me.id,
      today: dayOf(Date.now()),
      nameOf: (/** @type {string} */ user) => (user === store.me.id ? "You" : store.directory.name(user)),
      wasRead: (/** @type {any} */ entry) => conversation.wasRead(entry),
      retry: (/** @type {any} */ entry) => hub.retry(conversation, entry),
      discard: (/** @type {any} */ entry) => hub.discard(conversation, entry),
    };
    const behind = this.#countBehind();
    return html`
      <div class="scroller" tabindex="0" role="region" aria-label="Messages" @scroll=${this.#scrolled}>
        ${this.#top()}
        <ol class="messages" aria-busy=${loaded === "loading" ? "true" : "false"}>
          ${repeat(rows, (row) => row.key, (row) => rowTemplate(row, context))}
        </ol>
      </div>
      <button
        class="to-latest ${this.stuck && atEnd ? "" : "shown"}"
        type="button"
        tabindex=${this.stuck && atEnd ? -1 : 0}
        aria-label=${behind ? `${behind} new, go to the latest` : "Go to the latest"}
        @click=${this.#toLatest}
      >
        ${behind ? html`<span class="badge">${behind > 99 ? "99+" : behind}</span>` : nothing}${icons.down}
      </button>
    `;
  }

  /** What stands above the oldest message. */
  #top() {
    const conversation = /** @type {import("../model/conversation.js").Conversation} */ (this.conversation);
    const { timeline, loaded, loadingOlder, other } = conversation;
    const title = conversation.title(this.store.directory);
    if (loaded === "failed") {
      return html`<div class="empty">
        <span class="empty-icon">${icons.warning}</span>
        <h2>The messages could not be loaded</h2>
        <button class="button" type="button" @click=${() => this.hub.reload(conversation)}>Try again</button>
      </div>`;
    }
    if (loaded !== "yes" && !timeline.entries.length) {
      return html`<div class="skeleton" role="status" aria-label="Loading messages">
        ${[1, 2, 3, 4, 5].map(() => html`<div><span></span><p><i></i><i></i></p></div>`)}
      </div>`;
    }
    if (loadingOlder) {
      return html`<div class="older" role="status"><span class="spinner"></span><span class="visually-hidden">Loading older messages</span></div>`;
    }
    if (timeline.more || this.window.startsAfter(timeline.entries)) {
      return html`<div class="older"></div>`;
    }
    return html`<div class="beginning">
      <h2 dir="auto">${other ? title : `This is the beginning of ${title}`}</h2>
      <p class="muted">${other ? html`Only you and ${title} can read what is written here.` : "Everyone who joins can read what was said before."}</p>
    </div>`;
  }

  updated() {
    const { scroller, conversation } = this;
    if (!scroller || !conversation) {
      return;
    }
    if (this.observed !== scroller) {
      this.observed = scroller;
      this.observer.disconnect();
      this.observer.observe(scroller);
      this.observer.observe(/** @type {Element} */ (scroller.querySelector(".messages")));
    }
    this.lastShown = conversation.timeline.last?.key || "";
    if (!this.opened && conversation.loaded === "yes") {
      this.opened = true;
      if (this.#toFirstNew()) {
        return;
      }
    }
    if (this.stuck) {
      this.#toBottom();
    } else {
      this.#keepPlace(scroller);
    }
    this.#bringMore();
    this.#readIfSeen();
  }

  /** @returns {HTMLElement | null} */
  get scroller() {
    return this.querySelector(".scroller");
  }

  #scrolled() {
    const scroller = /** @type {HTMLElement} */ (this.scroller);
    const was = this.stuck;
    this.#letGo(scroller);
    const near = isNear(scroller);
    this.stuck ||= this.window.reachesEnd && near;
    this.lastTop = scroller.scrollTop;
    if (this.stuck && !near) {
      this.#toBottom();
    }
    if (this.stuck !== was) {
      this.requestUpdate();
    }
    this.#bringMore();
    this.#readIfSeen();
  }

  /**
   * The bottom may also go away by itself, when what is around grows: only who scrolls up lets go of it. Asked before each
   * rendering too, since news may come between a scrolling and its event, and would pull the reader down again.
   * @param {HTMLElement | null} scroller
   */
  #letGo(scroller) {
    if (this.stuck && scroller && !isNear(scroller) && scroller.scrollTop < this.lastTop - 1) {
      this.stuck = false;
      this.lastSeen = this.lastShown;
    }
  }

  async #bringMore() {
    const { scroller, conversation } = this;
    if (!scroller || !conversation || conversation.loaded !== "yes") {
      return;
    }
    const { timeline } = conversation;
    const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    if (scroller.scrollTop < NEAR) {
      if (this.window.growUp(timeline.entries)) {
        this.requestUpdate();
      } else if (timeline.more && !conversation.loadingOlder && this.store.link.state === "connected") {
        this.hub.loadOlder(conversation);
      }
    } else if (below < NEAR && this.window.growDown(timeline.entries)) {
      this.requestUpdate();
    }
  }

  #toBottom() {
    const { scroller } = this;
    if (scroller) {
      scroller.scrollTop = scroller.scrollHeight;
    }
  }

  #toLatest() {
    this.window.toLatest();
    this.stuck = true;
    this.requestUpdate();
  }

  /** Opens at the first unread, unless all of it fits. */
  #toFirstNew() {
    const { scroller } = this;
    const line = this.#row("new");
    if (!scroller || !line) {
      return false;
    }
    this.#toBottom();
    const top = line.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    if (top >= 0) {
      return false;
    }
    scroller.scrollTop += top - 48;
    const { timeline, newSince } = /** @type {import("../model/conversation.js").Conversation} */ (this.conversation);
    this.lastSeen = timeline.entries.findLast(({ seq }) => seq <= (newSince?.seq ?? 0))?.key || "";
    this.stuck = false;
    this.requestUpdate();
    return true;
  }

  /** How many came since the bottom was last in sight. */
  #countBehind() {
    const { conversation, store } = this;
    if (this.stuck || !conversation) {
      return 0;
    }
    const { entries } = conversation.timeline;
    const seen = entries.findLastIndex((entry) => entry.key === this.lastSeen);
    return entries.slice(seen + 1).filter((entry) => entry.kind === "message" && entry.author.id !== store.me.id).length;
  }

  /** Read is what is on the screen, down to the end, while somebody looks. */
  #readIfSeen() {
    const { conversation } = this;
    if (conversation && this.stuck && conversation.loaded === "yes" && document.visibilityState === "visible" && document.hasFocus()) {
      this.hub.markRead(conversation);
    }
  }

  /** Messages on the screen and where they end: a day's line or a name above may go when older ones come in. */
  #visibleMessages() {
    const { top: edge = 0, bottom: end = 0 } = this.scroller?.getBoundingClientRect() || {};
    return [...this.querySelectorAll(".row.message")]
      .map((row) => ({ key: /** @type {HTMLElement} */ (row).dataset.key || "", bottom: row.getBoundingClientRect().bottom }))
      .filter(({ bottom }) => bottom > edge && bottom < end);
  }

  /** Puts the first of them that is still there back to where it was. @param {HTMLElement} scroller */
  #keepPlace(scroller) {
    for (const { key, bottom } of this.anchors) {
      const row = this.#row(key);
      if (row) {
        scroller.scrollTop += row.getBoundingClientRect().bottom - bottom;
        return;
      }
    }
  }

  /** @param {string} key @returns {HTMLElement | null} */
  #row(key) {
    return this.querySelector(`.row[data-key="${CSS.escape(key)}"]`);
  }
}

/** @param {HTMLElement} scroller */
function isNear(scroller) {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_BOTTOM;
}

customElements.define("parley-message-list", MessageList);
