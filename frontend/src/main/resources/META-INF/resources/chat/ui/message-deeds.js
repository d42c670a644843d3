// @ts-check
import { t } from "../words/words.js";
import { TOUCH } from "./media.js";
import { permalink } from "./navigation.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */
/** @typedef {import("../model/timeline.js").Entry} Entry */
/** @typedef {import("./view.js").View & {conversation: Conversation | undefined}} List the element with the rows */

/** Which message is pointed at or has the focus, by mouse, finger or keyboard, and what is done with it. */
export class MessageDeeds {
  /** Key of the message that is pointed at, or has the focus; "" for none. */
  active = "";
  /** Whether emoji to react with are shown for it. */
  picking = false;
  #list;

  /** @param {List} list */
  constructor(list) {
    this.#list = list;
  }

  /** @param {string} key "" for none, which a list that holds the focus does not become */
  activate(key) {
    if (key !== this.active && !(key === "" && this.#list.querySelector(".messages")?.contains(document.activeElement))) {
      this.active = key;
      this.picking = false;
      this.#list.requestUpdate();
    }
  }

  /** @param {Event} event of a pointer or the focus, in a row */
  point(event) {
    const row = rowAt(event);
    if (row) {
      this.activate(row.dataset.key || "");
    }
  }

  /** Emoji are offered no longer when the focus goes elsewhere. @param {FocusEvent} event */
  leave(event) {
    const to = /** @type {Element | null} */ (event.relatedTarget);
    if (this.picking && !to?.closest(".actions")) {
      this.picking = false;
      this.#list.requestUpdate();
    }
  }

  /** From message to message, and into what can be done with one. @param {KeyboardEvent} event */
  keydown(event) {
    const row = rowAt(event);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && row) {
      const rows = /** @type {HTMLElement[]} */ ([...this.#list.querySelectorAll(".row.message")]);
      event.preventDefault();
      rows[rows.indexOf(row) + step]?.focus();
    } else if (event.key === "Enter" && row === event.target) {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (row?.querySelector(".actions button"))?.focus();
    }
  }

  /** @param {string} what @param {Entry} entry */
  act(what, entry) {
    const { hub } = this.#list;
    const conversation = this.#conversation;
    switch (what) {
      case "pick":
        return void this.#pick(entry);
      case "reply":
      case "edit":
        return hub.about(conversation, { kind: what, entry });
      case "link":
        return void this.#copyLink(permalink(conversation.group, entry.seq));
      case "unread":
        return hub.markUnread(conversation, entry);
      case "delete":
        this.#list.dispatchEvent(new CustomEvent("delete-message", { bubbles: true, detail: { conversation, entry } }));
    }
  }

  /** The focus stays at the message for those who use the keyboard. @param {Entry} entry @param {string} emoji */
  react(entry, emoji) {
    if (this.picking) {
      const byKey = this.#list.querySelector(".actions :focus-visible");
      this.picking = false;
      (byKey ? this.#row(entry) : TOUCH.matches ? null : /** @type {HTMLElement | null} */ (document.querySelector("#composer")))?.focus();
    }
    this.#list.hub.react(this.#conversation, entry, emoji);
  }

  /** Goes to what a message answers. @param {Entry} reply */
  toOriginal({ replyTo = "" }) {
    const conversation = this.#conversation;
    const original = conversation.shown.byId(replyTo) || conversation.timeline.byId(replyTo);
    if (original) {
      this.#list.hub.jump(conversation, original.seq);
    }
  }

  /** Offers emoji in place of what else can be done, with the focus on the first. @param {Entry} entry */
  async #pick(entry) {
    this.#row(entry)?.focus(); // The button that was pressed goes away.
    this.picking = true;
    this.#list.requestUpdate();
    await this.#list.updateComplete;
    /** @type {HTMLElement | null} */ (this.#row(entry)?.querySelector(".actions button"))?.focus();
  }

  /** @param {string} link */
  async #copyLink(link) {
    const { store } = this.#list;
    try {
      await navigator.clipboard.writeText(link);
      store.toast(t("messages.linkCopied"));
    } catch {
      location.href = link; // Pages that came over plain HTTP may not write there.
      store.toast(t("messages.linkShown"));
    }
  }

  get #conversation() {
    return /** @type {Conversation} */ (this.#list.conversation);
  }

  /** @param {Entry} entry @returns {HTMLElement | null} */
  #row({ key }) {
    return this.#list.querySelector(`.row[data-key="${CSS.escape(key)}"]`);
  }
}

/** @param {Event} event */
function rowAt(event) {
  return /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest(".row.message"));
}
