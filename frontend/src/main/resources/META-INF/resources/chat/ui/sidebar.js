// @ts-check
import { html, nothing } from "lit";
import { draft } from "../model/drafts.js";
import { plainText } from "../model/plain-text.js";
import { number, t } from "../words/words.js";
import { avatar, groupAvatar } from "./avatar.js";
import { icons, mark } from "./icons.js";
import { keyed } from "./keyed.js";
import { COMMAND } from "./media.js";
import { openConversation } from "./navigation.js";
import { SYSTEM_DARK, theme, toggleTheme } from "./theme.js";
import { fullTime, shortTime } from "./time.js";
import { View } from "./view.js";

/** @type {Record<string, string>} */
const LINK_WORDS = { connected: t("app.connected"), connecting: t("app.connecting"), disconnected: t("app.notConnected") };

/** Conversations by last activity, and who one is. */
class Sidebar extends View {
  constructor() {
    super();
    this.onTheme = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    SYSTEM_DARK.addEventListener("change", this.onTheme);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    SYSTEM_DARK.removeEventListener("change", this.onTheme);
  }

  render() {
    const { store } = this;
    const dark = theme() === "dark";
    return html`<nav class="sidebar" aria-label=${t("app.conversations")}>
      <header class="sidebar-head">
        <div class="wordmark">${mark}<span>Parley</span></div>
        ${button(t("app.newGroup"), icons.plus, () => this.#tell("new-group"))}
      </header>
      <button class="jump" type="button" @click=${() => this.#tell("switch")}>
        ${icons.search}<span>${t("app.jumpTo")}</span><kbd aria-hidden="true" dir="ltr">${COMMAND} K</kbd>
      </button>
      ${this.#list()}
      <footer class="sidebar-foot">
        ${avatar(store.me.id, store.me.name)}
        <div class="who">
          <strong dir="auto">${store.me.name}</strong>
          <span class="link-state ${store.link.state}">${LINK_WORDS[store.link.state]}</span>
        </div>
        ${button(t(dark ? "app.light" : "app.dark"), dark ? icons.sun : icons.moon, () => (toggleTheme(), this.requestUpdate()))}
        ${button(t("app.settings"), icons.settings, () => this.#tell("settings"))}
        ${button(t("app.signOut"), icons.leave, () => this.#tell("leave-chat"))}
      </footer>
    </nav>`;
  }

  #list() {
    const { listed, link } = this.store;
    if (!listed.length && !link.welcomed) {
      return html`<ul class="conversations" aria-hidden="true">
        ${[1, 2, 3].map(() => html`<li class="skeleton-row"><span></span><div><i></i><i></i></div></li>`)}
      </ul>`;
    }
    return html`<ul class="conversations" @keydown=${this.#arrows}>
      ${keyed(listed, (conversation) => conversation.group, (conversation) => this.#item(conversation))}
    </ul>`;
  }

  /** @param {import("../model/conversation.js").Conversation} conversation */
  #item(conversation) {
    const { store } = this;
    const title = conversation.title(store.directory);
    const { other, lastMessage, news, settings } = conversation;
    const open = store.selected === conversation.group;
    // One stop for the tab key: the open conversation, else the first; arrows go on from there.
    const stop = open || (!store.current && store.listed[0] === conversation);
    return html`<li>
      <button
        class="conversation-item ${open ? "open" : ""} ${news && !settings.muted ? "unread" : ""} ${settings.muted ? "muted-item" : ""}"
        type="button"
        tabindex=${stop ? 0 : -1}
        aria-current=${open ? "page" : nothing}
        @click=${() => openConversation(this, conversation.group)}
      >
        ${other ? avatar(other, title, { online: store.isOnline(other) }) : groupAvatar(conversation.group)}
        <span class="conversation-text">
          <span class="conversation-line">
            <span class="conversation-title" dir="auto">${title}</span>
            ${other && store.isOnline(other) ? html`<span class="visually-hidden">${t("list.here")}</span>` : nothing}
            ${settings.muted ? html`<span class="muted-mark" role="img" aria-label=${t("list.muted")} title=${t("list.muted")}>${icons.bellOff}</span>` : nothing}
            ${lastMessage
              ? html`<time datetime=${new Date(lastMessage.time).toISOString()} title=${fullTime(lastMessage.time)}
                  >${shortTime(lastMessage.time)}</time
                >`
              : nothing}
          </span>
          <span class="conversation-line">
            <span class="preview" dir="auto">${this.#preview(conversation, open)}</span>
            ${this.#badges(conversation, open)}
          </span>
        </span>
      </button>
    </li>`;
  }

  /** @param {import("../model/conversation.js").Conversation} conversation @param {boolean} open */
  #badges({ unread, mentions, settings, keptUnread }, open) {
    const shown = !open || keptUnread;
    const mention = mentions && !open
      ? html`<span class="badge mention-badge">@<span class="visually-hidden">${t("list.mentions", { count: mentions })}</span></span>`
      : nothing;
    if (unread && !open) {
      return html`${mention}<span class="badge">${unread > 99 ? number(99) + "+" : number(unread)}<span class="visually-hidden">${t("list.unread")}</span></span>`;
    }
    return settings.unreadFrom !== undefined && shown
      ? html`${mention}<span class="badge dot-badge"><span class="visually-hidden">${t("list.unread")}</span></span>`
      : mention;
  }

  /** @param {import("../model/conversation.js").Conversation} conversation @param {boolean} open */
  #preview(conversation, open) {
    const typing = [...conversation.typing.values()];
    if (typing.length) {
      return html`<span class="preview-typing">${conversation.other ? t("list.typing") : t("list.nameTyping", { name: typing[0].name })}</span>`;
    }
    const written = open ? "" : draft(this.store.me.id, conversation.group);
    if (written) {
      return html`<span class="preview-draft">${t("list.draft")}</span> ${plainText(written.slice(0, 200))}`;
    }
    const { lastMessage } = conversation;
    if (!lastMessage) {
      return conversation.described ? t("list.nothing") : "…";
    }
    const text = plainText(lastMessage.text.slice(0, 200));
    const own = lastMessage.author.id === this.store.me.id;
    return own ? t("list.yours", { text }) : conversation.other ? text : t("list.theirs", { name: lastMessage.author.name.split(" ")[0], text });
  }

  /** @param {KeyboardEvent} event */
  #arrows(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const items = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".conversation-item")]);
    const at = items.indexOf(/** @type {HTMLElement} */ (event.target));
    if (step && at >= 0) {
      event.preventDefault();
      items[(at + step + items.length) % items.length].focus();
    }
  }

  /** @param {string} what */
  #tell(what) {
    this.dispatchEvent(new CustomEvent(what, { bubbles: true }));
  }
}

/** @param {string} label @param {unknown} icon @param {() => void} deed */
function button(label, icon, deed) {
  return html`<button class="icon-button" type="button" title=${label} aria-label=${label} @click=${deed}>${icon}</button>`;
}

customElements.define("parley-sidebar", Sidebar);
