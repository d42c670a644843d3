// @ts-check
import { html, nothing } from "lit";
import { firstNew, rowsOf } from "../model/rows.js";
import { number, t } from "../words/words.js";
import { ListWindow } from "../model/list-window.js";
import { icons } from "./icons.js";
import { keyed } from "./keyed.js";
import { MessageDeeds } from "./message-deeds.js";
import { rowTemplate } from "./message-row.js";
import { ScrollPlace } from "./scroll-place.js";
import { dayOf } from "./time.js";
import { View } from "./view.js";

/** Closer to an end than this, more is brought, in pixels. */
const NEAR = 600;

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
    this.place = new ScrollPlace(this);
    this.deeds = new MessageDeeds(this);
    /** The newest message at the last rendering. */
    this.lastShown = "";
    /** The newest message when the reader left the bottom. */
    this.lastSeen = "";
    this.ownPending = 0;
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
    const { place } = this;
    const shown = current?.shown;
    if (current !== this.conversation || shown !== this.timeline) {
      // Into the past that was jumped to, or out of it, where what is read stays where it is.
      const same = current === this.conversation;
      const read = same && this.rejoining ? place.visible()[0]?.key : "";
      const at = read && shown ? shown.entries.findIndex(({ key }) => key === read) : -1;
      this.conversation = current;
      this.timeline = shown;
      this.window = new ListWindow();
      if (shown && at >= 0) {
        this.window.show(shown.entries, at);
      }
      place.begin(!current?.context && at < 0);
      this.opened &&= same;
      this.followed = undefined;
      this.filled = false;
      this.ownPending = 0;
      this.deeds.active = "";
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
      place.stuck = true; // Whoever writes wants to see it.
      this.window.toLatest();
    }
    this.ownPending = pending.length;
    if (!place.stuck && this.aimed === undefined && place.below > NEAR) {
      this.window.freeze(entries);
    }
    place.remember();
  }

  render() {
    const { conversation, store, hub, deeds } = this;
    const { stuck } = this.place;
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
      active: deeds.active,
      picking: deeds.picking,
      target: this.reached.seq,
      // One stop for the tab key: the message last gone to, else the newest; arrows go on from there.
      stop: (messages.find(({ key }) => key === deeds.active) || messages.at(-1))?.key || "",
      nameOf: (user) => (user === store.me.id ? t("app.you") : store.directory.name(user)),
      writtenName: (user) => (user === store.me.id ? store.me.name : store.directory.name(user)),
      readers: (entry) => conversation.readers(entry),
      delivered: (entry) => conversation.wasDelivered(entry),
      original: ({ replyTo = "" }) => timeline.byId(replyTo) || conversation.timeline.byId(replyTo),
      mayDelete: ({ author }) => author.id === store.me.id || conversation.manages,
      retry: (entry) => hub.retry(conversation, entry),
      discard: (entry) => hub.discard(conversation, entry),
      jump: (entry) => deeds.toOriginal(entry),
      react: (entry, emoji) => deeds.react(entry, emoji),
      act: (what, entry) => deeds.act(what, entry),
    };
    const behind = this.#countBehind();
    const point = (/** @type {Event} */ event) => deeds.point(event);
    return html`
      <div class="scroller" tabindex="0" role="region" aria-label=${t("messages.region")} @scroll=${this.#scrolled}>
        <div class="content">
          ${this.#top()}
          <ol
            class="messages"
            aria-busy=${loaded === "loading" ? "true" : "false"}
            @pointerover=${point}
            @pointerleave=${() => deeds.activate("")}
            @focusin=${point}
            @focusout=${(/** @type {FocusEvent} */ event) => deeds.leave(event)}
            @keydown=${(/** @type {KeyboardEvent} */ event) => deeds.keydown(event)}
          >
            ${keyed(rows, (row) => row.key, (row) => rowTemplate(row, context))}
          </ol>
        </div>
      </div>
      <button
        class="to-latest ${stuck && atEnd ? "" : "shown"}"
        type="button"
        tabindex=${stuck && atEnd ? -1 : 0}
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
    const { place, conversation } = this;
    const { scroller } = place;
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
      this.#reach();
      return;
    }
    if (!this.opened && conversation.loaded === "yes") {
      this.opened = true;
      if (this.#toFirstNew()) {
        return;
      }
    }
    if (place.stuck) {
      this.#follow();
    } else {
      place.keep();
      place.note();
      this.#bringMore();
    }
    this.followed = place.stuck ? this.timeline : undefined;
    this.#readIfSeen();
  }

  /** Goes to the bottom where the last rendering was elsewhere, or too short to be sure; else the observer does so when something has come. */
  #follow() {
    if (this.followed !== this.timeline || !this.filled) {
      this.place.toBottom();
      this.#bringMore();
    }
  }

  #resized() {
    this.#letGo();
    this.place.settle();
  }

  #scrolled() {
    const { place } = this;
    const was = place.stuck;
    this.#letGo();
    place.scrolled(this.window.reachesEnd && !this.conversation?.context);
    if (place.stuck !== was) {
      this.requestUpdate();
    }
    place.note();
    this.#bringMore();
    this.#readIfSeen();
  }

  #letGo() {
    if (this.place.leftBottom()) {
      this.lastSeen = this.lastShown;
      this.requestUpdate();
    }
  }

  async #bringMore() {
    const { place, conversation } = this;
    if (!place.scroller || !conversation || conversation.loaded !== "yes") {
      return;
    }
    const timeline = conversation.shown;
    this.filled = place.above >= NEAR;
    if (!this.filled) {
      if (this.window.growUp(timeline.entries)) {
        this.requestUpdate();
      } else if (timeline.more && !conversation.loadingOlder && this.store.link.state === "connected") {
        this.hub.loadOlder(conversation);
      }
    } else if (place.below < NEAR) {
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

  #toLatest() {
    if (this.conversation?.context) {
      this.hub.toPresent(this.conversation);
    }
    this.window.toLatest();
    this.place.stuck = true;
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
      this.place.stuck = false;
      this.opened = true;
      this.lastSeen = this.lastShown;
      this.window.show(entries, at);
    }
  }

  #reach() {
    const { place, aimed = "" } = this;
    const row = place.row(aimed);
    if (row) {
      place.scrollBy(place.topOf(row) - (place.scroller?.clientHeight ?? 0) / 3);
      this.deeds.active = aimed;
      this.requestUpdate();
    }
    this.aimed = undefined;
  }

  /** Where in what is shown the line "new" belongs, as an index; -1 for nowhere. */
  get #firstNew() {
    const { conversation, store } = this;
    return conversation ? firstNew(conversation.shown, conversation.newSince, store.me.id) : -1;
  }

  /** Opens at the first unread, unless all of it fits. */
  #toFirstNew() {
    const { place } = this;
    const line = place.row("new");
    if (!line) {
      return false;
    }
    place.toBottom();
    const top = place.topOf(line);
    if (top >= 0 && this.window.reachesEnd && !this.conversation?.context) {
      return false;
    }
    place.scrollBy(top - 48);
    const { timeline, newSince } = /** @type {import("../model/conversation.js").Conversation} */ (this.conversation);
    this.lastSeen = timeline.entries.findLast(({ seq }) => seq <= (newSince?.seq ?? 0))?.key || "";
    place.stuck = false;
    this.requestUpdate();
    return true;
  }

  /** How many came since the bottom was last in sight. */
  #countBehind() {
    const { conversation, store } = this;
    if (this.place.stuck || !conversation) {
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
    if (conversation && this.place.stuck && !conversation.context && !conversation.keptUnread && conversation.loaded === "yes" && document.visibilityState === "visible" && document.hasFocus()) {
      this.hub.markRead(conversation);
    }
  }

}

customElements.define("parley-message-list", MessageList);
