// @ts-check
import { html, nothing } from "lit";
import { plainName } from "../model/names.js";
import { t } from "../words/words.js";
import { avatar, groupAvatar } from "./avatar.js";
import { openConversation, openPerson } from "./navigation.js";
import { View } from "./view.js";

const SHOWN = 9;

/** A name, and there: conversations by last activity, then people one has no conversation with yet. */
class Switcher extends View {
  static properties = { typed: { state: true }, choice: { state: true } };

  constructor() {
    super();
    this.typed = "";
    this.choice = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.closest("parley-chat")?.addEventListener("switch", () => this.#open());
  }

  render() {
    const found = this.dialog?.open ? this.#found() : [];
    return html`<dialog class="switcher" aria-label=${t("switch.title")} @click=${this.#outside} @close=${() => (this.typed = "")}>
      <input
        type="text"
        role="combobox"
        aria-expanded=${found.length ? "true" : "false"}
        aria-controls="switcher-list"
        aria-activedescendant=${found.length ? `switch-${this.choice}` : nothing}
        aria-label=${t("switch.placeholder")}
        autocomplete="off"
        dir="auto"
        placeholder=${t("switch.placeholder")}
        .value=${this.typed}
        @input=${(/** @type {any} */ event) => ((this.typed = event.target.value), (this.choice = 0))}
        @keydown=${this.#keydown}
      />
      <ul id="switcher-list" role="listbox" aria-label=${t("switch.title")}>
        ${found.map(
          ({ name, group, user, kind }, index) => html`<li
            id="switch-${index}"
            role="option"
            aria-selected=${index === this.choice ? "true" : "false"}
            @click=${() => this.#go(index)}
            @pointermove=${() => (this.choice = index)}
          >
            ${user ? avatar(user, name, { online: this.store.isOnline(user) }) : groupAvatar(group || "")}
            <span class="name" dir="auto">${name}</span><span class="muted">${kind}</span>
          </li>`,
        )}
      </ul>
      ${found.length ? nothing : html`<p class="muted none" role="status">${t("switch.none")}</p>`}
    </dialog>`;
  }

  get dialog() {
    return this.querySelector("dialog");
  }

  /** @returns {Array<{name: string, group?: string, user?: string, kind: string}>} */
  #found() {
    const { store } = this;
    const wanted = plainName(this.typed);
    const conversations = store.listed.map((conversation) => ({
      name: conversation.title(store.directory),
      group: conversation.group,
      user: conversation.other || undefined,
      kind: t(conversation.other ? "switch.person" : "switch.group"),
    }));
    const met = new Set([store.me.id, ...conversations.map(({ user }) => user)]);
    const people = store.directory.people
      .filter(({ user }) => !met.has(user) && store.directory.knows(user))
      .map(({ user, name }) => ({ name, user, group: undefined, kind: t("switch.person") }));
    const all = [...conversations, ...(wanted ? people : [])].filter(({ name }) => plainName(name).includes(wanted));
    // Names that begin so come first, and who is here before who is not; apart from that the order stays.
    const begins = (/** @type {{name: string}} */ { name }) => (plainName(name).startsWith(wanted) ? 0 : 1);
    const away = (/** @type {{user?: string}} */ { user }) => (user && !store.isOnline(user) ? 1 : 0);
    return all.sort((one, other) => begins(one) - begins(other) || away(one) - away(other)).slice(0, SHOWN);
  }

  #open() {
    if (this.dialog && !document.querySelector("dialog[open]")) {
      this.choice = 0;
      this.dialog.showModal();
      this.requestUpdate();
    }
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    const count = this.#found().length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count) {
      event.preventDefault();
      this.choice = (this.choice + step + count) % count;
    } else if (event.key === "Enter" && !event.isComposing && count) {
      event.preventDefault();
      this.#go(this.choice);
    }
  }

  /** @param {number} index */
  #go(index) {
    const { group, user } = this.#found()[index];
    this.dialog?.close();
    if (group) {
      openConversation(this, group);
    } else if (user) {
      openPerson(this, user);
    }
  }

  /** @param {Event} event */
  #outside(event) {
    if (event.target === event.currentTarget) {
      this.dialog?.close();
    }
  }
}

customElements.define("parley-switcher", Switcher);
