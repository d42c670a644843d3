// @ts-check
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { plainText } from "../model/plain-text.js";
import { noticeText } from "../model/rows.js";
import { number, t } from "../words/words.js";
import { avatar } from "./avatar.js";
import { icons } from "./icons.js";
import { markdown } from "./markdown.js";
import { messageActions } from "./message-actions.js";
import { openPerson } from "./navigation.js";
import { briefTime, clockTime, dayTitle, fullTime } from "./time.js";

/** @typedef {import("../model/timeline.js").Entry} Entry */
/**
 * What a row needs to know beside its entry, and what can be done with it.
 * @typedef {{
 *   me: string, today: string, direct: boolean, active: string, picking: boolean, target: number, stop: string,
 *   nameOf: (user: string) => string, writtenName: (user: string) => string, readers: (entry: Entry) => number, delivered: (entry: Entry) => boolean,
 *   original: (entry: Entry) => Entry | undefined, mayDelete: (entry: Entry) => boolean,
 *   retry: (entry: Entry) => void, discard: (entry: Entry) => void, jump: (entry: Entry) => void,
 *   react: (entry: Entry, emoji: string) => void, act: (what: string, entry: Entry) => void
 * }} Context
 */

/** At most this many emoji alone are shown large. */
const LARGE = /^(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F)(?:[\p{Emoji_Modifier}\u200D\uFE0F]|\p{Emoji_Presentation}){0,8}$/u;

/** One row of the list. @param {import("../model/rows.js").Row} row @param {Context} context */
export function rowTemplate(row, context) {
  switch (row.type) {
    case "day":
      return html`<li class="row day" data-key=${row.key}>
        <span>${guard([row.time, context.today], () => dayTitle(row.time))}</span>
      </li>`;
    case "new":
      return html`<li class="row new" data-key=${row.key}><span>${t("messages.new")}</span></li>`;
    case "gap":
      return html`<li class="row notice" data-key=${row.key}>${t(row.entry.text === "anew" ? "messages.anew" : "messages.expired")}</li>`;
    case "notice":
      return html`<li class="row notice" data-key=${row.key} title=${fullTime(row.entries[0].time)}>
        ${noticeText(row.entries, context.nameOf)}
      </li>`;
    case "message":
      return message(row.entry, row.first, context);
  }
}

/** @param {Entry} entry @param {boolean} first @param {Context} context */
function message(entry, first, context) {
  const { author, status } = entry;
  const own = author.id === context.me;
  const readers = own ? context.readers(entry) : 0;
  const delivered = own && context.delivered(entry);
  const active = entry.key === context.active;
  const original = entry.replyTo ? context.original(entry) : undefined;
  const mentioned = !own && entry.mentions?.includes(context.me);
  const classes = `row message ${first ? "first" : ""} ${own ? "own" : ""} ${status} ${mentioned ? "mentioned" : ""} ${entry.seq === context.target ? "target" : ""}`;
  return html`<li class=${classes} data-key=${entry.key} tabindex=${entry.key === context.stop ? 0 : -1}>
    ${guard([entry, first, readers, delivered, active, active && context.picking, original], () => html`
      <div class="gutter">${first ? face(entry, own) : html`<time title=${fullTime(entry.time)}>${briefTime(entry.time)}</time>`}</div>
      <div class="message-body">
        ${first ? byline(entry, own) : html`<span class="visually-hidden">${author.name}, ${clockTime(entry.time)}: </span>`}
        ${entry.replyTo ? quote(entry, original, context) : nothing}
        ${entry.deleted
          ? html`<div class="text gone">${t("messages.deleted")}</div>`
          : html`<div class="text ${LARGE.test(entry.text.slice(0, 40)) ? "large" : ""}" dir="auto">${markdown(entry.text, mentionsOf(entry, context))}</div>`}
        ${entry.edited && !entry.deleted ? html`<span class="edited">(${t("messages.edited")})</span>` : nothing}
        ${status === "failed" ? failure(entry, context) : nothing} ${entry.reactions?.length ? reactions(entry, context) : nothing}
      </div>
      ${own && !entry.deleted ? tick(status, readers, delivered, context.direct) : html`<span class="tick"></span>`}
      ${active && status === "sent" && !entry.deleted ? messageActions(entry, own, context) : nothing}
    `)}
  </li>`;
}

/** @param {Entry} entry @param {Context} context */
function mentionsOf({ mentions }, { writtenName, me }) {
  return mentions?.filter((user) => typeof user === "string").map((user) => ({ name: writtenName(user), me: user === me })) || [];
}

/** @param {Entry} entry @param {Entry | undefined} original @param {Context} context */
function quote(entry, original, context) {
  return html`<button class="quote" type="button" ?disabled=${!original} @click=${() => context.jump(entry)}>
    <span class="visually-hidden">${t("messages.replyTo", { name: original?.author.name || "" })}: </span>
    ${original
      ? html`<strong dir="auto">${original.author.name}</strong> <span dir="auto">${original.deleted ? t("messages.deleted") : plainText(original.text.slice(0, 160))}</span>`
      : html`<span>${t("messages.gone")}</span>`}
  </button>`;
}

/** @param {Entry} entry @param {Context} context */
function reactions(entry, { me, nameOf, react }) {
  return html`<div class="reactions">
    ${entry.reactions?.map(({ emoji, users }) => {
      const names = users.slice(0, 20).map(nameOf).join(", ");
      return html`<button
        class="reaction"
        type="button"
        aria-pressed=${users.includes(me) ? "true" : "false"}
        aria-label="${emoji} ${number(users.length)}: ${names}"
        title=${names}
        @click=${() => react(entry, emoji)}
      >
        <span aria-hidden="true">${emoji}</span> <span class="reaction-count">${number(users.length)}</span>
      </button>`;
    })}
  </div>`;
}

/** @param {Entry} entry @param {boolean} own */
function face({ author }, own) {
  const picture = avatar(author.id, author.name, { service: author.service });
  // For the mouse only: the name beside it is the button.
  return own || author.service
    ? picture
    : html`<span class="face" title=${t("people.message", { name: author.name })} @click=${open(author.id)}>${picture}</span>`;
}

/** @param {Entry} entry @param {boolean} own */
function byline({ author, time }, own) {
  const name = own || author.service
    ? html`<strong class="author" dir="auto">${author.name}</strong>`
    : html`<button class="author" type="button" tabindex="-1" dir="auto" title=${t("people.message", { name: author.name })} @click=${open(author.id)}>${author.name}</button>`;
  return html`<header>
    ${name}${author.service ? html`<span class="tag">${t("messages.service")}</span>` : nothing}
    <time datetime=${new Date(time).toISOString()} title=${fullTime(time)}>${clockTime(time)}</time>
  </header>`;
}

/** @param {string} user */
const open = (user) => (/** @type {Event} */ event) =>
  openPerson(/** @type {EventTarget} */ (event.currentTarget), user);

/** @param {Entry} entry @param {Context} context */
function failure(entry, context) {
  return html`<p class="failure" role="alert">
    ${icons.warning}<span>${t("messages.notSent", { reason: entry.reason || "" })}</span>
    <button class="link" type="button" @click=${() => context.retry(entry)}>${t("messages.again")}</button>
    <button class="link" type="button" @click=${() => context.discard(entry)}>${t("messages.discard")}</button>
  </p>`;
}

/** @param {Entry["status"]} status @param {number} readers @param {boolean} delivered @param {boolean} direct */
function tick(status, readers, delivered, direct) {
  if (status === "pending") {
    return html`<span class="tick waiting" role="img" aria-label=${t("messages.sending")} title=${t("messages.sending")}>${icons.clock}</span>`;
  }
  if (status === "failed") {
    return html`<span class="tick"></span>`;
  }
  const word = readers ? (direct ? t("messages.read") : t("messages.readBy", { count: readers })) : t(delivered ? "messages.delivered" : "messages.sent");
  const count = readers && !direct ? html`<span class="readers" aria-hidden="true">${number(readers)}</span>` : nothing;
  return html`<span class="tick ${readers ? "read" : ""}" role="img" aria-label=${word} title=${word}>${readers || delivered ? icons.checks : icons.check}${count}</span>`;
}
