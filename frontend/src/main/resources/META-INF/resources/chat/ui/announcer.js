// @ts-check
import { html } from "lit";
import { View } from "./view.js";

/** Tells screen readers of new messages, and only of those: not of history, nor of one's own. */
class Announcer extends View {
  render() {
    return html`<div class="visually-hidden" aria-live="polite" aria-atomic="true">${this.store.announcement}</div>`;
  }
}

customElements.define("parley-announcer", Announcer);
