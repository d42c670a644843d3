// @ts-check
import { html, LitElement } from "lit";
import { rememberedIdentity, signOut } from "../model/identity.js";
import { Hub } from "../model/hub.js";
import { Store } from "../model/store.js";
import { inherit } from "../model/kept.js";
import { t } from "../words/words.js";
import "./chat.js";
import "./sign-in.js";

/** The page: signing in, or the chat of whoever did. */
class App extends LitElement {
  static properties = { session: { state: true }, reason: { state: true } };

  constructor() {
    super();
    /** @type {{store: Store, hub: Hub} | null} */
    this.session = null;
    this.reason = "";
    this.lastName = "";
    /** Whose session ended by itself, with what was not sent yet. @type {string | null} */
    this.ended = null;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    const identity = rememberedIdentity();
    if (identity) {
      this.#enter(identity);
    }
  }

  render() {
    return this.session
      ? html`<parley-chat .store=${this.session.store} .hub=${this.session.hub} @sign-out=${() => this.#leave("")}></parley-chat>`
      : html`<parley-sign-in
          .reason=${this.reason}
          .name=${this.lastName}
          @signed-in=${(/** @type {CustomEvent} */ event) => this.#enter(event.detail)}
        ></parley-sign-in>`;
  }

  /** @param {import("../model/identity.js").Identity} identity */
  #enter({ token, user }) {
    if (this.ended && user.name === this.lastName) {
      inherit(this.ended, user.id);
    }
    this.ended = null;
    const store = new Store(user);
    const hub = new Hub(store, token, () => this.#leave(t("signin.ended")));
    this.session = { store, hub };
    hub.start();
  }

  /** @param {string} reason */
  #leave(reason) {
    this.lastName = reason ? this.session?.store.me.name || "" : "";
    this.ended = reason ? this.session?.store.me.id || null : null;
    this.reason = reason;
    this.session?.hub.stop();
    this.session = null;
    signOut();
  }
}

customElements.define("parley-app", App);
