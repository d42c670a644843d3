// @ts-check
import { html, nothing } from "lit";
import { draft, keepDraft } from "../model/drafts.js";
import { plainText } from "../model/plain-text.js";
import { t } from "../words/words.js";
import { avatar } from "./avatar.js";
import { icons } from "./icons.js";
import { TOUCH } from "./media.js";
import { View } from "./view.js";

/** An @ that begins a word, and what was typed after it, up to two words of a name. */
const MENTION = /(?:^|[\s(])@([\p{L}\p{M}\p{N}._-]*(?: [\p{L}\p{M}\p{N}._-]*)?)$/u;
const OFFERED = 6;

/**
 * Where one writes. Enter sends, Shift+Enter makes a line, and neither while an input method is composing; on a touch screen
 * the return key makes a line, as everywhere there, and the button sends. An arrow up in an empty field edits one's last
 * message; an @ offers the people here.
 */
class Composer extends View {
  static properties = { text: { state: true }, choice: { state: true }, offered: { state: true } };

  constructor() {
    super();
    this.text = "";
    /** @type {string | null} */
    this.group = null;
    /** What it is about, at the last look. @type {import("../model/conversation.js").Conversation["about"]} */
    this.about = null;
    /** People to mention. @type {Array<{user: string, name: string}>} */
    this.offered = [];
    this.choice = 0;
    /** The conversation that the field was last given the focus for. @type {string | null | undefined} */
    this.focusedFor = undefined;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    const { selected, current, me } = this.store;
    const about = current?.about || null;
    if (selected && selected !== this.group) {
      this.group = selected;
      this.about = about;
      this.offered = [];
      this.text = about?.kind === "edit" ? about.entry.text : draft(me.id, selected);
    } else if (about !== this.about && selected) {
      if (about?.kind === "edit") {
        this.text = about.entry.text;
      } else if (this.about?.kind === "edit") {
        this.text = draft(me.id, selected);
      }
      this.about = about;
      this.focusedFor = null;
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const area = this.#area;
    if (area && changed.has("text")) {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight}px`;
    }
    if (this.focusedFor !== this.group && (!TOUCH.matches || this.about)) {
      this.focusedFor = this.group;
      if (!document.querySelector("dialog[open]")) {
        area?.focus();
        area?.setSelectionRange(area.value.length, area.value.length);
      }
    }
  }

  render() {
    const conversation = this.store.current;
    if (!conversation) {
      return nothing;
    }
    const label = t("write.placeholder", { name: conversation.title(this.store.directory) });
    const ready = Boolean(this.text.trim());
    const editing = this.about?.kind === "edit";
    const offering = this.offered.length > 0;
    const send = t(editing ? "app.save" : "write.send");
    return html`<form class="composer" @submit=${this.#submit}>
      ${offering ? this.#offers() : nothing} ${this.about ? this.#aboutLine(this.about) : nothing}
      <div class="composer-box">
        <textarea
          id="composer"
          rows="1"
          dir="auto"
          placeholder=${label}
          aria-label=${label}
          aria-autocomplete="list"
          aria-controls=${offering ? "mentions" : nothing}
          aria-activedescendant=${offering ? `mention-${this.choice}` : nothing}
          .value=${this.text}
          @input=${this.#input}
          @keydown=${this.#keydown}
          @blur=${() => (this.offered = [])}
        ></textarea>
        <button class="send" type="submit" title=${send} aria-label=${send} ?disabled=${!ready}>
          ${editing ? icons.check : icons.send}
        </button>
      </div>
      <p class="composer-hint ${ready ? "shown" : ""}">
        <kbd>${t("write.enter")}</kbd> ${t("write.sends")} <kbd>${t("write.shift")}</kbd> <kbd>${t("write.enter")}</kbd> ${t("write.newLine")}
      </p>
    </form>`;
  }

  /** @param {NonNullable<import("../model/conversation.js").Conversation["about"]>} about */
  #aboutLine({ kind, entry }) {
    return html`<div class="about">
      ${kind === "edit" ? icons.edit : icons.reply}
      <p>
        <strong>${kind === "edit" ? t("write.editing") : t("write.replying", { name: entry.author.name })}</strong>
        <span dir="auto">${plainText(entry.text.slice(0, 160))}</span>
      </p>
      <button class="icon-button small" type="button" title=${t("app.cancel")} aria-label=${t("app.cancel")} @click=${this.#cancel}>${icons.close}</button>
    </div>`;
  }

  #offers() {
    return html`<ul class="offers" id="mentions" role="listbox" aria-label=${t("write.people")}>
      ${this.offered.map(
        ({ user, name }, index) => html`<li
          id="mention-${index}"
          role="option"
          aria-selected=${index === this.choice ? "true" : "false"}
          @mousedown=${(/** @type {Event} */ event) => (event.preventDefault(), this.#choose(index))}
        >
          ${avatar(user, name, { online: this.store.isOnline(user) })}<span dir="auto">${name}</span>
        </li>`,
      )}
    </ul>`;
  }

  get #area() {
    return this.querySelector("textarea");
  }

  #input() {
    const conversation = this.store.current;
    this.text = this.#area?.value || "";
    if (conversation) {
      if (this.about?.kind !== "edit") {
        keepDraft(this.store.me.id, conversation.group, this.text);
      }
      if (this.text.trim()) {
        this.hub.typing(conversation);
      }
    }
    this.#offer();
  }

  /** Those whose name begins like what was typed of it. */
  #offer() {
    const area = this.#area;
    const typed = area && MENTION.exec(area.value.slice(0, area.selectionStart))?.[1].toLowerCase();
    const starts = (/** @type {string} */ name) =>
      name.toLowerCase().startsWith(typed || "") || name.split(" ").some((word) => word.toLowerCase().startsWith(typed || ""));
    this.choice = 0;
    this.offered = typed === null || typed === undefined ? [] : this.#people.filter(({ name }) => starts(name)).slice(0, OFFERED);
  }

  get #people() {
    const { me, directory, current } = this.store;
    return (current?.members || [])
      .filter((user) => user !== me.id && directory.knows(user))
      .map((user) => ({ user, name: directory.name(user) }))
      .sort((one, other) => one.name.localeCompare(other.name));
  }

  /** @param {number} index */
  #choose(index) {
    const area = /** @type {HTMLTextAreaElement} */ (this.#area);
    const before = area.value.slice(0, area.selectionStart);
    const at = before.lastIndexOf("@");
    const rest = area.value.slice(area.selectionStart).replace(/^ /, "");
    const inserted = `${before.slice(0, at)}@${this.offered[index].name} `;
    area.value = inserted + rest;
    area.setSelectionRange(inserted.length, inserted.length);
    this.offered = [];
    this.#input();
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    // Safari reports the Enter that ends a composition as keyCode 229, after the composition.
    const composing = event.isComposing || event.keyCode === 229;
    if (composing || this.#keyForOffers(event)) {
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && !TOUCH.matches) {
      this.#submit(event);
    } else if (event.key === "ArrowUp" && !this.text && !this.about) {
      this.#editLast(event);
    }
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was for the people that are offered */
  #keyForOffers(event) {
    const count = this.offered.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!count || !(step || event.key === "Enter" || event.key === "Tab" || event.key === "Escape")) {
      return false;
    }
    event.preventDefault();
    if (step) {
      this.choice = (this.choice + step + count) % count;
    } else if (event.key === "Escape") {
      this.offered = [];
    } else {
      this.#choose(this.choice);
    }
    return true;
  }

  /** @param {Event} event */
  #editLast(event) {
    const { current, me } = this.store;
    const last = current?.timeline.entries.findLast(({ kind, author, deleted }) => kind === "message" && author.id === me.id && !deleted);
    if (current && last) {
      event.preventDefault();
      this.hub.about(current, { kind: "edit", entry: last });
    }
  }

  #cancel() {
    if (this.store.current) {
      this.hub.about(this.store.current, null);
    }
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const { current: conversation, me } = this.store;
    const text = this.text.trim();
    if (!conversation || !text) {
      return;
    }
    if (this.about?.kind === "edit") {
      this.hub.edit(conversation, this.about.entry, text);
    } else {
      const mentions = this.#people.filter(({ name }) => text.includes("@" + name)).map(({ user }) => user);
      this.text = "";
      this.offered = [];
      keepDraft(me.id, conversation.group, "");
      this.hub.send(conversation, text, mentions.slice(0, 50));
    }
    this.#area?.focus();
  }
}

customElements.define("parley-composer", Composer);
