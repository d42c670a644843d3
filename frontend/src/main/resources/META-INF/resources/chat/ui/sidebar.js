// @ts-check
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { avatar, groupAvatar } from "./avatar.js";
import { icons, mark } from "./icons.js";
import { plainText } from "./markdown.js";
import { openConversation } from "./navigation.js";
import { theme, toggleTheme } from "./theme.js";
import { fullTime, shortTime } from "./time.js";
import { View } from "./view.js";

/** @type {Record<string, string>} */
const LINK_WORDS = { connected: "Connected", connecting: "Connecting…", disconnected: "Not connected" };

/** Conversations by last activity, and who one is. */
class Sidebar extends View {
  render() {
    const { store } = this;
    const dark = theme() === "dark";
    return html`<nav class="sidebar" aria-label="Conversations">
      <header class="sidebar-head">
        <div class="wordmark">${mark}<span>Parley</span></div>
        <button class="icon-button" type="button" title="New group" aria-label="New group" @click=${this.#newGroup}>
          ${icons.plus}
        </button>
      </header>
      ${this.#list()}
      <footer class="sidebar-foot">
        ${avatar(store.me.id, store.me.name)}
        <div class="who">
          <strong dir="auto">${store.me.name}</strong>
          <span class="link-state ${store.link.state}">${LINK_WORDS[store.link.state]}</span>
        </div>
        <button
          class="icon-button"
          type="button"
          title=${dark ? "Light theme" : "Dark theme"}
          aria-label=${dark ? "Light theme" : "Dark theme"}
          @click=${() => (toggleTheme(), this.requestUpdate())}
        >
          ${dark ? icons.sun : icons.moon}
        </button>
        <button class="icon-button" type="button" title="Sign out" aria-label="Sign out" @click=${this.#signOut}>
          ${icons.leave}
        </button>
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
      ${repeat(listed, (conversation) => conversation.group, (conversation) => this.#item(conversation))}
    </ul>`;
  }

  /** @param {import("../model/conversation.js").Conversation} conversation */
  #item(conversation) {
    const { store } = this;
    const title = conversation.title(store.directory);
    const { unread, other, lastMessage } = conversation;
    const open = store.selected === conversation.group;
    // One stop for the tab key: the open conversation, else the first; arrows go on from there.
    const stop = open || (!store.current && store.listed[0] === conversation);
    return html`<li>
      <button
        class="conversation-item ${open ? "open" : ""} ${unread ? "unread" : ""}"
        type="button"
        tabindex=${stop ? 0 : -1}
        aria-current=${open ? "page" : nothing}
        @click=${() => openConversation(this, conversation.group)}
      >
        ${other ? avatar(other, title, { online: store.isOnline(other) }) : groupAvatar(conversation.group)}
        <span class="conversation-text">
          <span class="conversation-line">
            <span class="conversation-title" dir="auto">${title}</span>
            ${other && store.isOnline(other) ? html`<span class="visually-hidden">, here now</span>` : nothing}
            ${lastMessage
              ? html`<time datetime=${new Date(lastMessage.time).toISOString()} title=${fullTime(lastMessage.time)}
                  >${shortTime(lastMessage.time)}</time
                >`
              : nothing}
          </span>
          <span class="conversation-line">
            <span class="preview" dir="auto">${this.#preview(conversation)}</span>
            ${unread && !open
              ? html`<span class="badge">${unread > 99 ? "99" : unread}${unread > 99 || conversation.unreadIsLowerBound ? "+" : ""}<span class="visually-hidden"> unread</span></span>`
              : nothing}
          </span>
        </span>
      </button>
    </li>`;
  }

  /** @param {import("../model/conversation.js").Conversation} conversation */
  #preview(conversation) {
    const typing = [...conversation.typing.values()];
    if (typing.length) {
      return html`<span class="preview-typing">${conversation.other ? "" : typing[0].name + " is "}typing…</span>`;
    }
    const { lastMessage } = conversation;
    if (!lastMessage) {
      return conversation.loaded === "yes" ? "Nothing said yet" : "…";
    }
    const own = lastMessage.author.id === this.store.me.id;
    const who = own ? "You: " : conversation.other ? "" : `${lastMessage.author.name.split(" ")[0]}: `;
    return who + plainText(lastMessage.text.slice(0, 200));
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

  #newGroup() {
    this.dispatchEvent(new CustomEvent("new-group", { bubbles: true }));
  }

  #signOut() {
    this.dispatchEvent(new CustomEvent("sign-out", { bubbles: true }));
  }
}

customElements.define("parley-sidebar", Sidebar);
