// @ts-check
import { html, nothing } from "lit";
import { t } from "../words/words.js";
import { icons } from "./icons.js";
import { keyed } from "./keyed.js";
import { View } from "./view.js";

/** Short notes that go away by themselves. */
class Toasts extends View {
  render() {
    return html`<div class="toasts" role="status">
      ${keyed(
        this.store.toasts,
        (toast) => toast.id,
        (toast) => html`<div class="toast ${toast.tone}">
          ${toast.tone === "error" ? icons.warning : icons.megaphone}
          <p>${toast.title ? html`<strong>${toast.title}</strong>` : nothing}<span dir="auto">${toast.text}</span></p>
          <button class="icon-button small" type="button" aria-label=${t("app.dismiss")} @click=${() => this.store.dismiss(toast.id)}>
            ${icons.close}
          </button>
        </div>`,
      )}
    </div>`;
  }
}

customElements.define("parley-toasts", Toasts);
