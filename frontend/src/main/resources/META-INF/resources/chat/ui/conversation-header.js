// @ts-check
import { html, nothing } from "lit";
import { LOBBY } from "../model/names.js";
import { avatar, groupAvatar } from "./avatar.js";
import { icons } from "./icons.js";
import { openConversation } from "./navigation.js";
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
      <button class="icon-button back" type="button" aria-label="Back to the list" @click=${() => openConversation(this, null)}>
        ${icons.back}
      </button>
      ${other ? avatar(other, title, { online: store.isOnline(other) }) : groupAvatar(conversation.group)}
      <div class="conversation-names">
        <h1 dir="auto">${title}</h1>
        <p class="muted">${this.#subtitle(conversation)}</p>
      </div>
      ${other || conversation.group === LOBBY
        ? nothing
        : html`<button class="icon-button" type="button" title="Leave this group" aria-label="Leave this group" @click=${this.#leave}>
            ${icons.leave}
          </button>`}
      <button
        class="icon-button ${store.peopleShown ? "pressed" : ""}"
        type="button"
        title="People"
        aria-label="People"
        aria-expanded=${store.peopleShown ? "true" : "false"}
        @click=${this.#people}
      >
        ${icons.people}
      </button>
    </header>`;
  }

  /** @param {import("../model/conversation.js").Conversation} conversation */
  #subtitle(conversation) {
    if (conversation.other) {
      return this.store.isOnline(conversation.other) ? "Here now" : "Away";
    }
    const here = conversation.onlineCount;
    return here > 1 ? `${here} people here` : here === 1 ? "Only you are here" : "\u00a0";
  }

  #people() {
    this.store.peopleShown = !this.store.peopleShown;
    this.store.changed();
  }

  #leave() {
    this.dispatchEvent(new CustomEvent("leave-group", { bubbles: true, detail: this.store.current }));
  }
}

customElements.define("parley-conversation-header", ConversationHeader);
