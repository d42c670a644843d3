// @ts-check
import { html, nothing } from "lit";
import { firstNew, rowsOf } from "../model/rows.js";
import { number, t } from "../words/words.js";
import { ListWindow } from "../model/list-window.js";
import { icons } from "./icons.js";
import { keyed } from "./keyed.js";
import { rowTemplate } from "./message-row.js";
import { TOUCH } from "./media.js";
import { permalink } from "./navigation.js";
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
    /** The message that is pointed at, or has the focus. */
    this.active = "";
    /** Whether emoji to react with are shown for it. */
    this.picking = false;
    /** When the place that was last gone to was asked for, and its message. */
    this.reached = { at: 0, seq: -1 };
    /** @type {import("../model/timeline.js").Timeline | undefined} */
    this.timeline = undefined;
    /** What the observer looks at. @type {HTMLElement | undefined} */
    this.observed = undefined;
    /** The message that the next rendering goes to. @type {string | undefined} */
    this.aimed = undefined;
    /** Whether this conversation has been shown from where its reader wants to begin. */
    this.opened = false;
    /** Whether the past that was jumped to may just be reaching the present. */
    this.rejoining = false;
    this.onLook = () => this.#readIfSeen();
    /** Where the reader is: a row, how far below the edge it begins, and at what width. @type {{row: Element, top: number, width: number} | null} */
    this.place = null;
    /** The timeline whose end the last rendering showed. @type {import("../model/timeline.js").Timeline | undefined} */
    this.followed = undefined;
    /** Whether the last rendering stands in a frame. */
    this.framed = false;
    /** Whether there is enough above what is in sight not to bring more. */
    this.filled = false;
    // Messages that come, a composer that grows, a keyboard that comes up, texts that wrap anew beside a panel: what is in sight stays in sight. It is told after
    // the page was laid out and before it is painted, so nothing has to be laid out once more for it.
    this.observer = new ResizeObserver(() => this.#resized());
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

  /** What stands in a frame can be read for nothing; what has been rendered since would be laid out for that, and nobody has scrolled in it yet. */
  storeChanged() {
    if (this.framed && !this.isUpdatePending) {
      this.#letGo();
    }
    super.storeChanged();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    const { current } = this.store;
    const { scroller } = this;
    const shown = current?.shown;
    if (current !== this.conversation || shown !== this.timeline) {
      // Into the past that was jumped to, or out of it, where what is read stays where it is.
      const same = current === this.conversation;
      const read = same && this.rejoining ? this.#visibleMessages()[0]?.key : "";
      const at = read && shown ? shown.entries.findIndex(({ key }) => key === read) : -1;
      this.conversation = current;
      this.timeline = shown;
      this.window = new ListWindow();
      if (shown && at >= 0) {
        this.window.show(shown.entries, at);
      }
      this.stuck = !current?.context && at < 0;
      this.opened &&= same;
      this.lastTop = 0;
      this.followed = undefined;
      this.filled = false;
      this.ownPending = 0;
      this.active = "";
    }
    this.#aim();
    const { entries = [] } = shown || {};
    if (!this.opened && current?.loaded === "yes") {
      const at = this.#firstNew;
      if (at >= 0 && !this.window.slice(entries).includes(entries[at])) {
        this.window.show(entries, at);
      }
    }
    const { pending = [] } = current?.timeline || {};
    if (pending.length > this.ownPending) {
      this.stuck = true; // Whoever writes wants to see it.
      this.window.toLatest();
    }
    this.ownPending = pending.length;
    if (!this.stuck && scroller && this.aimed === undefined && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > NEAR) {
      this.window.freeze(entries);
    }
    this.anchors = this.stuck ? [] : this.#visibleMessages();
  }

  render() {
    const { conversation, store, hub } = this;
    if (!conversation) {
      return nothing;
    }
    const { shown: timeline, loaded, context: past } = conversation;
    const shown = this.window.slice(timeline.entries);
    const atEnd = this.window.reachesEnd && !past;
    const all = atEnd ? [...shown, ...conversation.timeline.pending] : shown;
    // That the two of a direct conversation joined it goes without saying.
    const told = conversation.other ? all.filter((entry) => entry.kind !== "membership") : all;
    const begins = timeline.entries[this.#firstNew];
    const rows = rowsOf(told, begins && shown.includes(begins) ? conversation.newSince : null, store.me.id);
    const messages = rows.filter((row) => row.type === "message");
    /** @type {import("./message-row.js").Context} */
    const context = {
      me: store.me.id,
      today: dayOf(Date.now()),
      direct: Boolean(conversation.other),
      active: this.active,
      picking: this.picking,
      target: this.reached.seq,
      // One stop for the tab key: the message last gone to, else the newest; arrows go on from there.
      stop: (messages.find(({ key }) => key === this.active) || messages.at(-1))?.key || "",
      nameOf: (user) => (user === store.me.id ? t("app.you") : store.directory.name(user)),
      writtenName: (user) => (user === store.me.id ? store.me.name : store.directory.name(user)),
      readers: (entry) => conversation.readers(entry),
      delivered: (entry) => conversation.wasDelivered(entry),
      original: ({ replyTo = "" }) => timeline.byId(replyTo) || conversation.timeline.byId(replyTo),
      mayDelete: ({ author }) => author.id === store.me.id || conversation.manages,
      retry: (entry) => hub.retry(conversation, entry),
      discard: (entry) => hub.discard(conversation, entry),
      jump: (entry) => this.#toOriginal(entry),
      react: (entry, emoji) => this.#react(entry, emoji),
      act: (what, entry) => this.#act(what, entry),
    };
    const behind = this.#countBehind();
    return html`
      <div class="scroller" tabindex="0" role="region" aria-label=${t("messages.region")} @scroll=${this.#scrolled}>
        <div class="content">
          ${this.#top()}
          <ol
            class="messages"
            aria-busy=${loaded === "loading" ? "true" : "false"}
            @pointerover=${this.#point}
            @pointerleave=${() => this.#activate("")}
            @focusin=${this.#point}
            @focusout=${this.#leave}
            @keydown=${this.#keydown}
          >
            ${keyed(rows, (row) => row.key, (row) => rowTemplate(row, context))}
          </ol>
        </div>
      </div>
      <button
        class="to-latest ${this.stuck && atEnd ? "" : "shown"}"
        type="button"
        tabindex=${this.stuck && atEnd ? -1 : 0}
        aria-label=${behind ? t("messages.latestNew", { count: behind }) : t("messages.latest")}
        @click=${this.#toLatest}
      >
        ${behind ? html`<span class="badge">${behind > 99 ? number(99) + "+" : number(behind)}</span>` : nothing}${icons.down}
      </button>
    `;
  }

  /** What stands above the oldest message. */
  #top() {
    const conversation = /** @type {import("../model/conversation.js").Conversation} */ (this.conversation);
    const { shown: timeline, loaded, loadingOlder, other } = conversation;
    const title = conversation.title(this.store.directory);
    if (loaded === "failed") {
      return html`<div class="empty">
        <span class="empty-icon">${icons.warning}</span>
        <h2>${t("messages.failed")}</h2>
        <button class="button" type="button" @click=${() => this.hub.reload(conversation)}>${t("messages.again")}</button>
      </div>`;
    }
    if (loaded !== "yes" && !timeline.entries.length) {
      return html`<div class="skeleton" role="status" aria-label=${t("messages.loading")}>
        ${[1, 2, 3, 4, 5].map(() => html`<div><span></span><p><i></i><i></i></p></div>`)}
      </div>`;
    }
    if (loadingOlder) {
      return html`<div class="older" role="status"><span class="spinner"></span><span class="visually-hidden">${t("messages.older")}</span></div>`;
    }
    if (timeline.more || this.window.startsAfter(timeline.entries)) {
      return html`<div class="older"></div>`;
    }
    return html`<div class="beginning">
      <h2 dir="auto">${other ? title : t("messages.beginning", { name: title })}</h2>
      <p class="muted">${other ? t("messages.beginningDirect", { name: title }) : t("messages.beginningGroup")}</p>
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
      this.observer.observe(/** @type {Element} */ (scroller.querySelector(".content")));
    }
    this.framed = false;
    requestAnimationFrame(() => (this.framed = true));
    this.lastShown = conversation.timeline.last?.key || "";
    if (this.aimed !== undefined) {
      this.#reach(scroller);
      return;
    }
    if (!this.opened && conversation.loaded === "yes") {
      this.opened = true;
      if (this.#toFirstNew()) {
        return;
      }
    }
    if (this.stuck) {
      this.#follow();
    } else {
      this.#keepPlace(scroller);
      this.#notePlace(scroller);
      this.#bringMore();
    }
    this.followed = this.stuck ? this.timeline : undefined;
    this.#readIfSeen();
  }

  /** Goes to the bottom where the last rendering was elsewhere, or too short to be sure; else the observer does so when something has come. */
  #follow() {
    if (this.followed !== this.timeline || !this.filled) {
      this.place = null;
      this.#toBottom();
      this.#bringMore();
    }
  }

  #resized() {
    this.#letGo();
    if (this.stuck) {
      this.#toBottom();
    } else {
      this.#toPlace();
    }
  }

  /** @returns {HTMLElement | null} */
  get scroller() {
    return this.querySelector(".scroller");
  }

  #scrolled() {
    const scroller = /** @type {HTMLElement} */ (this.scroller);
    const was = this.stuck;
    this.#letGo();
    const near = isNear(scroller);
    this.stuck ||= this.window.reachesEnd && !this.conversation?.context && near;
    this.lastTop = scroller.scrollTop;
    if (this.stuck && !near) {
      this.#toBottom();
    }
    if (this.stuck !== was) {
      this.requestUpdate();
    }
    this.#notePlace(scroller);
    this.#bringMore();
    this.#readIfSeen();
  }

  /**
   * The bottom may also go away by itself, when what is around grows: only who scrolls up lets go of it. Asked when there is
   * news too, since that may come between a scrolling and its event, and would pull the reader down again.
   */
  #letGo() {
    const { scroller } = this;
    if (this.stuck && scroller && !isNear(scroller) && scroller.scrollTop < this.lastTop - 1) {
      this.stuck = false;
      this.lastSeen = this.lastShown;
      this.requestUpdate();
    }
  }

  async #bringMore() {
    const { scroller, conversation } = this;
    if (!scroller || !conversation || conversation.loaded !== "yes") {
      return;
    }
    const timeline = conversation.shown;
    const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    this.filled = scroller.scrollTop >= NEAR;
    if (!this.filled) {
      if (this.window.growUp(timeline.entries)) {
        this.requestUpdate();
      } else if (timeline.more && !conversation.loadingOlder && this.store.link.state === "connected") {
        this.hub.loadOlder(conversation);
      }
    } else if (below < NEAR) {
      if (this.window.growDown(timeline.entries)) {
        this.requestUpdate();
      } else if (conversation.context && !conversation.loadingNewer && this.store.link.state === "connected") {
        this.rejoining = true;
        await this.hub.loadNewer(conversation);
        await this.updateComplete;
        this.rejoining = false;
      }
    }
  }

  #toBottom() {
    const { scroller } = this;
    if (scroller) {
      scroller.scrollTop = scroller.scrollHeight;
    }
  }

  /** Not at a new width, at which it is to be found again first. @param {HTMLElement} scroller */
  #notePlace(scroller) {
    if (this.stuck) {
      this.place = null;
      return;
    }
    const width = scroller.clientWidth;
    if (this.place?.row.isConnected && this.place.width !== width) {
      return;
    }
    this.place = null;
    const edge = scroller.getBoundingClientRect().top;
    for (const row of this.querySelectorAll(".row.message")) {
      const top = row.getBoundingClientRect().top - edge;
      if (top >= 0) {
        this.place = { row, top, width };
        return;
      }
    }
  }

  #toPlace() {
    const { scroller, place } = this;
    if (scroller && place?.row.isConnected && place.width !== scroller.clientWidth) {
      scroller.scrollTop += place.row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - place.top;
      place.width = scroller.clientWidth;
    }
  }

  #toLatest() {
    if (this.conversation?.context) {
      this.hub.toPresent(this.conversation);
    }
    this.window.toLatest();
    this.stuck = true;
    this.requestUpdate();
  }

  /** Has the window show the place that somebody wants to go to, once it is known here. */
  #aim() {
    const { conversation, store } = this;
    const { target } = store;
    this.aimed = undefined;
    if (!conversation || target?.group !== conversation.group || target.at === this.reached.at) {
      return;
    }
    const { entries, generation } = conversation.shown;
    const at = entries.findIndex((entry) => entry.seq === target.seq && entry.generation === generation);
    if (at >= 0) {
      this.aimed = entries[at].key;
      this.reached = { at: target.at, seq: target.seq };
      this.stuck = false;
      this.opened = true;
      this.lastSeen = this.lastShown;
      this.window.show(entries, at);
    }
  }

  /** @param {HTMLElement} scroller */
  #reach(scroller) {
    const row = this.#row(this.aimed || "");
    if (row) {
      scroller.scrollTop += row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight / 3;
      this.active = this.aimed || "";
      this.requestUpdate();
    }
    this.aimed = undefined;
  }

  /** @param {import("../model/timeline.js").Entry} reply */
  #toOriginal({ replyTo = "" }) {
    const { conversation } = this;
    const original = conversation?.shown.byId(replyTo) || conversation?.timeline.byId(replyTo);
    if (conversation && original) {
      this.hub.jump(conversation, original.seq);
    }
  }

  /** @param {string} what @param {import("../model/timeline.js").Entry} entry */
  #act(what, entry) {
    const conversation = /** @type {import("../model/conversation.js").Conversation} */ (this.conversation);
    switch (what) {
      case "pick":
        return void this.#pick(entry);
      case "reply":
      case "edit":
        return this.hub.about(conversation, { kind: what, entry });
      case "link":
        return void this.#copyLink(permalink(conversation.group, entry.seq));
      case "unread":
        return this.hub.markUnread(conversation, entry);
      case "delete":
        this.dispatchEvent(new CustomEvent("delete-message", { bubbles: true, detail: { conversation, entry } }));
    }
  }

  /** Offers emoji in place of what else can be done, with the focus on the first. @param {import("../model/timeline.js").Entry} entry */
  async #pick(entry) {
    this.#row(entry.key)?.focus(); // The button that was pressed goes away.
    this.picking = true;
    this.requestUpdate();
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.#row(entry.key)?.querySelector(".actions button"))?.focus();
  }

  /** The focus stays at the message for those who use the keyboard. @param {import("../model/timeline.js").Entry} entry @param {string} emoji */
  #react(entry, emoji) {
    const conversation = /** @type {import("../model/conversation.js").Conversation} */ (this.conversation);
    if (this.picking) {
      const byKey = this.querySelector(".actions :focus-visible");
      this.picking = false;
      (byKey ? this.#row(entry.key) : TOUCH.matches ? null : /** @type {HTMLElement | null} */ (document.querySelector("#composer")))?.focus();
    }
    this.hub.react(conversation, entry, emoji);
  }

  /** @param {string} link */
  async #copyLink(link) {
    try {
      await navigator.clipboard.writeText(link);
      this.store.toast(t("messages.linkCopied"));
    } catch {
      location.href = link; // Pages that came over plain HTTP may not write there.
      this.store.toast(t("messages.linkShown"));
    }
  }

  /** @param {Event} event */
  #point(event) {
    const row = /** @type {HTMLElement} */ (event.target).closest(".row.message");
    if (row) {
      this.#activate(/** @type {HTMLElement} */ (row).dataset.key || "");
    }
  }

  /** @param {string} key */
  #activate(key) {
    if (key !== this.active && !(key === "" && this.querySelector(".messages")?.contains(document.activeElement))) {
      this.active = key;
      this.picking = false;
      this.requestUpdate();
    }
  }

  /** Emoji are offered no longer when the focus goes elsewhere. @param {FocusEvent} event */
  #leave(event) {
    const to = /** @type {Element | null} */ (event.relatedTarget);
    if (this.picking && !to?.closest(".actions")) {
      this.picking = false;
      this.requestUpdate();
    }
  }

  /** From message to message, and into what can be done with one. @param {KeyboardEvent} event */
  #keydown(event) {
    const row = /** @type {HTMLElement} */ (event.target).closest(".row.message");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && row) {
      const rows = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".row.message")]);
      event.preventDefault();
      rows[rows.indexOf(/** @type {HTMLElement} */ (row)) + step]?.focus();
    } else if (event.key === "Enter" && row === event.target) {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (row?.querySelector(".actions button"))?.focus();
    }
  }

  /** Where in what is shown the line "new" belongs, as an index; -1 for nowhere. */
  get #firstNew() {
    const { conversation, store } = this;
    return conversation ? firstNew(conversation.shown, conversation.newSince, store.me.id) : -1;
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
    if (top >= 0 && this.window.reachesEnd && !this.conversation?.context) {
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
    if (conversation.context) {
      return conversation.unread;
    }
    const { entries } = conversation.timeline;
    const seen = entries.findLastIndex((entry) => entry.key === this.lastSeen);
    return entries.slice(seen + 1).filter((entry) => entry.kind === "message" && entry.author.id !== store.me.id).length;
  }

  /** Read is what is on the screen, down to the end, while somebody looks. */
  #readIfSeen() {
    const { conversation } = this;
    if (conversation && this.stuck && !conversation.context && !conversation.keptUnread && conversation.loaded === "yes" && document.visibilityState === "visible" && document.hasFocus()) {
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
