// @ts-check
import { html, nothing } from "lit";
import { t } from "../words/words.js";
import { View } from "./view.js";

/** The line under the messages: who is typing, else who has just come or gone. */
class StatusLine extends View {
  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => {
      const now = Date.now();
      const changes = [...this.store.conversations.values()].map((conversation) => conversation.prune(now));
      if (changes.includes(true)) {
        this.store.changed();
      }
    }, 1_000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  render() {
    const conversation = this.store.current;
    const names = [...(conversation?.typing.values() || [])].map(({ name }) => name);
    return html`<div class="status-line">${names.length ? typing(names) : conversation?.passing?.text || nothing}</div>`;
  }
}

/** @param {string[]} names */
function typing(names) {
  const [one, two = ""] = names;
  const words =
    names.length === 1 ? t("status.typing1", { one }) : names.length === 2 ? t("status.typing2", { one, two }) : t("status.typingMany");
  return html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${words}`;
}

customElements.define("parley-status-line", StatusLine);
