// @ts-check
import { html, nothing } from "lit";
import { LOBBY } from "../model/names.js";
import { t } from "../words/words.js";
import { avatar, groupAvatar } from "./avatar.js";
import { icons } from "./icons.js";
import { openConversation } from "./navigation.js";
import { dayTime } from "./time.js";
import { View } from "./view.js";

/** What conversation this is, who is here, and what can be done with it. */
class ConversationHeader extends View {
  render() {
    const { store } = this;
    const conversation = /** @type {import("../model/conversation.js").Conversation} */ (store.current);
    if (!conversation) {
      return nothing;
    }
    const title = conversation.title(store.directory);
    const { other } = conversation;
    return html`<header class="conversation-head">
      <button class="icon-button back" type="button" aria-label=${t("head.back")} @click=${() => openConversation(this, null)}>
        ${icons.back}
      </button>
      ${other ? avatar(other, title, { online: store.isOnline(other) }) : groupAvatar(conversation.group)}
      <div class="conversation-names">
        <h1 dir="auto">${title}</h1>
        <p class="muted">${this.#subtitle(conversation)}</p>
      </div>
      ${this.#panelButton("search", t("head.search"), icons.search)} ${this.#panelButton("people", t("head.peopleButton"), icons.people)}
      ${this.#menu(conversation)}
    </header>`;
  }

  /** @param {"people" | "search"} panel @param {string} label @param {unknown} icon */
  #panelButton(panel, label, icon) {
    const open = this.store.panel === panel;
    return html`<button
      class="icon-button ${open ? "pressed" : ""}"
      id="toggle-${panel}"
      type="button"
      title=${label}
      aria-label=${label}
      aria-expanded=${open ? "true" : "false"}
      @click=${() => this.#toggle(panel)}
    >
      ${icon}
    </button>`;
  }

  /** @param {import("../model/conversation.js").Conversation} conversation */
  #menu(conversation) {
    const { muted } = conversation.settings;
    const group = !conversation.other;
    const item = (/** @type {string} */ label, /** @type {unknown} */ icon, /** @type {() => void} */ deed) =>
      html`<button type="button" role="menuitem" tabindex="-1" @click=${() => (this.#closeMenu(), deed())}>${icon}<span>${label}</span></button>`;
    return html`<button
        class="icon-button"
        id="conversation-more"
        type="button"
        title=${t("head.more")}
        aria-label=${t("head.more")}
        aria-haspopup="menu"
        popovertarget="conversation-menu"
      >
        ${icons.more}
      </button>
      <div id="conversation-menu" class="menu" role="menu" popover aria-label=${t("head.more")} @toggle=${this.#toggled} @keydown=${this.#arrows}>
        ${item(t(muted ? "head.unmute" : "head.mute"), muted ? icons.bell : icons.bellOff, () => this.hub.mute(conversation, !muted))}
        ${item(t("head.markUnread"), icons.unread, () => this.hub.markUnread(conversation))}
        ${group && conversation.manages ? item(t("head.rename"), icons.edit, () => this.#ask("rename-group")) : nothing}
        ${group && conversation.manages ? item(t("head.add"), icons.addPerson, () => this.#ask("add-people")) : nothing}
        ${group && conversation.group !== LOBBY ? item(t("head.leave"), icons.leave, () => this.#ask("leave-group")) : nothing}
      </div>`;
  }

  /** @param {import("../model/conversation.js").Conversation} conversation */
  #subtitle(conversation) {
    const { other, onlineCount: here, topic } = conversation;
    if (other) {
      const seen = this.store.directory.lastSeen(other) || conversation.lastSeen;
      return this.store.isOnline(other) ? t("head.here") : seen ? t("head.lastSeen", { time: dayTime(seen) }) : t("head.away");
    }
    const people = here > 0 ? t("head.people", { count: here }) : "\u00a0";
    return topic ? html`${people} · <span class="topic" dir="auto" title=${topic}>${topic}</span>` : people;
  }

  /** @param {"people" | "search"} panel */
  #toggle(panel) {
    this.store.panel = this.store.panel === panel ? null : panel;
    this.store.changed();
  }

  /** @param {string} dialog */
  #ask(dialog) {
    this.dispatchEvent(new CustomEvent(dialog, { bubbles: true, detail: this.store.current }));
  }

  #closeMenu() {
    /** @type {any} */ (this.querySelector("#conversation-menu")).hidePopover();
  }

  /** @param {any} event */
  #toggled(event) {
    if (event.newState === "open") {
      /** @type {HTMLElement | null} */ (this.querySelector(".menu button"))?.focus();
    }
  }

  /** @param {KeyboardEvent} event */
  #arrows(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const items = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".menu button")]);
    if (step) {
      event.preventDefault();
      const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      items[(at + step + items.length) % items.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      this.#closeMenu();
      /** @type {HTMLElement} */ (this.querySelector("#conversation-more")).focus();
    }
  }
}

customElements.define("parley-conversation-header", ConversationHeader);
