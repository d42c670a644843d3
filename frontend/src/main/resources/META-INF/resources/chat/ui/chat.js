// @ts-check
import { html, nothing } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { LOBBY } from "../model/names.js";
import { View } from "./view.js";
import { icons } from "./icons.js";
import { inWords } from "../model/errors.js";
import "./announcer.js";
import "./composer.js";
import "./connection-banner.js";
import "./conversation-header.js";
import "./dialogs.js";
import "./message-list.js";
import "./people-panel.js";
import "./sidebar.js";
import "./status-line.js";
import "./toasts.js";

const NARROW = matchMedia("(max-width: 699px)");

/**
 * The chat of one person: list, conversation, people. Which conversation is open stands in the address, so that the
 * back button works, and on a phone leads back to the list.
 */
class Chat extends View {
  constructor() {
    super();
    this.follow = () => this.#followAddress();
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("hashchange", this.follow);
    NARROW.addEventListener("change", this.follow);
    this.addEventListener("open-conversation", (event) => this.#open(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("open-person", (event) => this.#openPerson(/** @type {CustomEvent} */ (event).detail));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.follow);
    NARROW.removeEventListener("change", this.follow);
    document.title = "Parley";
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    if (changed.has("store")) {
      this.#followAddress();
    }
    // A conversation that has just come about, or is no longer there.
    const { selected, current, link, entering } = this.store;
    if (current?.loaded === "no" && link.state === "connected" && !entering) {
      this.hub.select(selected);
    }
    const unread = this.store.totalUnread;
    document.title = `${unread ? `(${unread}) ` : ""}${current ? current.title(this.store.directory) + " · " : ""}Parley`;
  }

  render() {
    const { store, hub } = this;
    const { current } = store;
    const layout = { chat: true, "has-conversation": Boolean(store.selected), "has-people": store.peopleShown && Boolean(current) };
    return html`
      <div class=${classMap(layout)} @keydown=${this.#keydown}>
        <a class="skip-link" href="#composer" @click=${this.#toComposer}>Skip to writing</a>
        <parley-sidebar .store=${store} .hub=${hub}></parley-sidebar>
        <main class="conversation" aria-label=${current ? current.title(store.directory) : "Conversation"}>
          <parley-connection-banner .store=${store} .hub=${hub}></parley-connection-banner>
          ${current ? this.#conversation() : this.#nothingOpen()}
        </main>
        ${layout["has-people"] ? html`<parley-people-panel .store=${store} .hub=${hub}></parley-people-panel>` : nothing}
      </div>
      <parley-dialogs .store=${store} .hub=${hub}></parley-dialogs>
      <parley-toasts .store=${store}></parley-toasts>
      <parley-announcer .store=${store}></parley-announcer>
    `;
  }

  #conversation() {
    const { store, hub } = this;
    return html`
      <parley-conversation-header .store=${store} .hub=${hub}></parley-conversation-header>
      <parley-message-list .store=${store} .hub=${hub}></parley-message-list>
      <parley-status-line .store=${store}></parley-status-line>
      <parley-composer .store=${store} .hub=${hub}></parley-composer>
    `;
  }

  #nothingOpen() {
    const { link, selected, entering } = this.store;
    if (!link.welcomed || (entering && selected === LOBBY)) {
      const what = link.welcomed ? "Opening the lobby…" : "Connecting…";
      return html`<div class="empty" role="status"><span class="spinner"></span><p>${what}</p></div>`;
    }
    return html`<div class="empty">
      <span class="empty-icon">${icons.chat}</span>
      <h2>${selected ? "This conversation isn’t there" : "No conversation open"}</h2>
      <p>${selected ? "You may have left it, or it belongs to others." : "Choose one from the list, or begin a new one."}</p>
      ${selected
        ? html`<button class="button" type="button" @click=${() => this.#open(LOBBY)}>Go to the lobby</button>`
        : nothing}
    </div>`;
  }

  #followAddress() {
    const group = decodeURIComponent(location.hash.slice(1));
    this.hub.select(group || (NARROW.matches ? null : LOBBY));
  }

  /** @param {string | null} group null for the list */
  #open(group) {
    const target = "#" + (group || "");
    if (location.hash !== target && (location.hash || group)) {
      location.hash = target;
    } else {
      this.hub.select(group);
    }
  }

  /** @param {string} user */
  async #openPerson(user) {
    if (user === this.store.me.id) {
      return;
    }
    try {
      this.#open(await this.hub.openDirect(user));
      if (NARROW.matches) {
        this.store.peopleShown = false;
      }
    } catch (error) {
      this.store.toast(inWords(error), "error", `${this.store.directory.name(user)} can’t be reached`);
    }
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    if (event.key === "Escape" && this.store.peopleShown) {
      this.store.peopleShown = false;
      this.store.changed();
      /** @type {HTMLElement | null} */ (this.querySelector("#composer"))?.focus();
    }
  }

  /** @param {Event} event */
  #toComposer(event) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (this.querySelector("#composer"))?.focus();
  }
}

customElements.define("parley-chat", Chat);
