// @ts-check
import { html, nothing } from "lit";
import { draft, keepDraft } from "../model/drafts.js";
import { icons } from "./icons.js";
import { View } from "./view.js";

/** On a touch screen the return key makes a line, as everywhere there, and the button sends. */
const TOUCH = matchMedia("(pointer: coarse)");

/** Where one writes. Enter sends, Shift+Enter makes a line, and neither while an input method is composing. */
class Composer extends View {
  static properties = { text: { state: true } };

  constructor() {
    super();
    this.text = "";
    /** @type {string | null} */
    this.group = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    const { selected, me } = this.store;
    if (selected && selected !== this.group) {
      this.group = selected;
      this.text = draft(me.id, selected);
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const area = this.#area;
    if (area && changed.has("text")) {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight}px`;
    }
    if (this.focusedFor !== this.group && !TOUCH.matches) {
      this.focusedFor = this.group;
      if (!document.querySelector("dialog[open]")) {
        area?.focus();
      }
    }
  }

  render() {
    const conversation = this.store.current;
    if (!conversation) {
      return nothing;
    }
    const title = conversation.title(this.store.directory);
    const ready = Boolean(this.text.trim());
    return html`<form class="composer" @submit=${this.#submit}>
      <div class="composer-box">
        <textarea
          id="composer"
          rows="1"
          dir="auto"
          placeholder="Message ${title}"
          aria-label="Message ${title}"
          .value=${this.text}
          @input=${this.#input}
          @keydown=${this.#keydown}
        ></textarea>
        <button class="send" type="submit" title="Send" aria-label="Send" ?disabled=${!ready}>${icons.send}</button>
      </div>
      <p class="composer-hint ${ready ? "shown" : ""}"><kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> makes a new line</p>
    </form>`;
  }

  get #area() {
    return this.querySelector("textarea");
  }

  #input() {
    const conversation = this.store.current;
    this.text = this.#area?.value || "";
    if (conversation) {
      keepDraft(this.store.me.id, conversation.group, this.text);
      if (this.text.trim()) {
        this.hub.typing(conversation);
      }
    }
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    // Safari reports the Enter that ends a composition as keyCode 229, after the composition.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !composing && !TOUCH.matches) {
      this.#submit(event);
    }
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const conversation = this.store.current;
    const text = this.text.trim();
    if (conversation && text) {
      this.text = "";
      keepDraft(this.store.me.id, conversation.group, "");
      this.hub.send(conversation, text);
      this.#area?.focus();
    }
  }
}

customElements.define("parley-composer", Composer);
