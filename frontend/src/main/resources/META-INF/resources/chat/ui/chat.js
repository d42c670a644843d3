// @ts-check
import { html, nothing } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { inWords } from "../model/errors.js";
import { LOBBY } from "../model/names.js";
import { number, t } from "../words/words.js";
import { icons } from "./icons.js";
import { ONE_PANE } from "./media.js";
import { addressed } from "./navigation.js";
import { View } from "./view.js";
import "./announcer.js";
import "./composer.js";
import "./connection-banner.js";
import "./conversation-header.js";
import "./dialogs.js";
import "./message-list.js";
import "./people-panel.js";
import "./search-panel.js";
import "./sidebar.js";
import "./status-line.js";
import "./switcher.js";
import "./toasts.js";

/**
 * The chat of one person: list, conversation, people. Which conversation is open stands in the address, so that the
 * back button works, and on a phone leads back to the list; with a message's place behind it, the address is a link to
 * that message.
 */
class Chat extends View {
  constructor() {
    super();
    this.follow = () => this.#followAddress();
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.#keydown(event);
    this.entitled = "";
    /** @type {any} */
    this.entitling = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("hashchange", this.follow);
    addEventListener("keydown", this.onKey);
    ONE_PANE.addEventListener("change", this.follow);
    this.addEventListener("open-conversation", (event) => this.#open(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("open-person", (event) => this.#openPerson(/** @type {CustomEvent} */ (event).detail));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.follow);
    removeEventListener("keydown", this.onKey);
    ONE_PANE.removeEventListener("change", this.follow);
    clearTimeout(this.entitling);
    this.entitling = undefined;
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
    if (current?.loaded === "no" && current.described && link.state === "connected" && !entering) {
      this.hub.select(selected, addressed().seq);
    }
    const unread = this.store.totalUnread;
    this.#entitle(`${unread ? `(${number(unread)}) ` : ""}${current ? current.title(this.store.directory) + " · " : ""}Parley`);
  }

  /**
   * Shows a title when all views have rendered: what is read as it comes is unread until the list has, and counting that would have the tab flicker. It goes to
   * another process, so only when it is another one.
   * @param {string} title
   */
  #entitle(title) {
    this.entitled = title;
    this.entitling ??= setTimeout(() => {
      this.entitling = undefined;
      if (document.title !== this.entitled) {
        document.title = this.entitled;
      }
    });
  }

  render() {
    const { store, hub } = this;
    const { current } = store;
    const panel = current ? store.panel : null;
    const layout = { chat: true, "has-conversation": Boolean(store.selected), "has-people": Boolean(panel) };
    return html`
      <div class=${classMap(layout)}>
        <a class="skip-link" href="#composer" @click=${this.#toComposer}>${t("app.skip")}</a>
        <parley-sidebar .store=${store} .hub=${hub}></parley-sidebar>
        <main class="conversation" aria-label=${current ? current.title(store.directory) : t("app.conversation")}>
          <parley-connection-banner .store=${store} .hub=${hub}></parley-connection-banner>
          ${current ? this.#conversation() : this.#nothingOpen()}
        </main>
        ${panel === "people" ? html`<parley-people-panel .store=${store} .hub=${hub}></parley-people-panel>` : nothing}
        ${panel === "search" ? html`<parley-search-panel .store=${store} .hub=${hub}></parley-search-panel>` : nothing}
      </div>
      <parley-dialogs .store=${store} .hub=${hub}></parley-dialogs>
      <parley-switcher .store=${store} .hub=${hub}></parley-switcher>
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
      const what = t(link.welcomed ? "app.openingLobby" : "app.connecting");
      return html`<div class="empty" role="status"><span class="spinner"></span><p>${what}</p></div>`;
    }
    return html`<div class="empty">
      <span class="empty-icon">${icons.chat}</span>
      <h2>${t(selected ? "app.notThere" : "app.nothingOpen")}</h2>
      <p>${t(selected ? "app.notThereHint" : "app.nothingOpenHint")}</p>
      ${selected
        ? html`<button class="button" type="button" @click=${() => this.#open(LOBBY)}>${t("app.toLobby")}</button>`
        : nothing}
    </div>`;
  }

  #followAddress() {
    const { group, seq } = addressed();
    if (ONE_PANE.matches && group !== this.store.selected) {
      this.store.panel = null; // It lay over what one comes from.
    }
    this.hub.select(group || (ONE_PANE.matches ? null : LOBBY), seq);
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
      if (ONE_PANE.matches) {
        this.store.panel = null;
      }
    } catch (error) {
      this.store.toast(inWords(error), "error", t("app.unreachable", { name: this.store.directory.name(user) }));
    }
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    const dialog = document.querySelector("dialog[open]");
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (command && event.key.toLowerCase() === "k" && !dialog) {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("switch"));
    } else if (command && event.key.toLowerCase() === "f" && !dialog && this.store.current) {
      event.preventDefault();
      this.store.panel = "search";
      this.store.changed();
    } else if (event.key === "Escape" && !dialog && !event.defaultPrevented) {
      this.#escape();
    }
  }

  /** Closes what is open, one thing at a time, and ends where one writes. */
  #escape() {
    const { store } = this;
    if (store.current?.about) {
      this.hub.about(store.current, null);
    } else if (store.panel) {
      store.panel = null;
      store.changed();
    }
    this.#focusComposer();
  }

  /** @param {Event} event */
  #toComposer(event) {
    event.preventDefault();
    this.#focusComposer();
  }

  #focusComposer() {
    /** @type {HTMLElement | null} */ (this.querySelector("#composer"))?.focus();
  }
}

customElements.define("parley-chat", Chat);
