// @ts-check
import { html, nothing } from "lit";
import { t } from "../words/words.js";
import { icons } from "./icons.js";

/** What one reacts with. */
const EMOJI = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "👀"];

/**
 * What can be done with the message that is pointed at, or has the focus.
 * @param {import("../model/timeline.js").Entry} entry @param {boolean} own @param {import("./message-row.js").Context} context
 */
export function messageActions(entry, own, { act, react, picking, mayDelete }) {
  const action = (/** @type {string} */ what, /** @type {string} */ label, /** @type {unknown} */ icon) =>
    html`<button class="icon-button small" type="button" title=${label} aria-label=${label} @click=${() => act(what, entry)}>${icon}</button>`;
  return html`<div class="actions" role="toolbar" aria-label=${t("messages.actions")}>
    ${picking
      ? EMOJI.map((emoji) => {
          const label = t("messages.reactWith", { emoji });
          return html`<button class="icon-button small emoji" type="button" title=${label} aria-label=${label} @click=${() => react(entry, emoji)}>
            ${emoji}
          </button>`;
        })
      : html`${action("pick", t("messages.react"), icons.smile)} ${action("reply", t("messages.reply"), icons.reply)}
        ${own ? action("edit", t("messages.edit"), icons.edit) : nothing} ${action("link", t("messages.link"), icons.link)}
        ${own ? nothing : action("unread", t("messages.unread"), icons.unread)}
        ${mayDelete(entry) ? action("delete", t("messages.delete"), icons.trash) : nothing}`}
  </div>`;
}
