// @ts-check
import { LitElement } from "lit";

/**
 * A view of the store: renders into the light DOM, where the style sheets reach it, and again whenever the store has
 * changed. `hub` is what it calls when a person does something.
 */
export class View extends LitElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { store: { attribute: false }, hub: { attribute: false } };

  constructor() {
    super();
    /** Set by whoever renders it. @type {import("../model/store.js").Store} */
    this.store;
    /** Set by whoever renders it. @type {import("../model/hub.js").Hub} */
    this.hub;
    this.unsubscribe = () => {};
  }

  createRenderRoot() {
    return this;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("store")) {
      this.unsubscribe();
      this.unsubscribe = this.store.subscribe(() => this.storeChanged());
    }
  }

  /** Called at once, before any view renders again. */
  storeChanged() {
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.unsubscribe();
  }
}
