// @ts-check
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { noticeText } from "../model/rows.js";
import { avatar } from "./avatar.js";
import { icons } from "./icons.js";
import { markdown } from "./markdown.js";
import { openPerson } from "./navigation.js";
import { briefTime, clockTime, dayTitle, fullTime } from "./time.js";

/** @typedef {import("../model/timeline.js").Entry} Entry */
/**
 * @typedef {{me: string, nameOf: (user: string) => string, wasRead: (entry: Entry) => boolean, today: string,
 *   retry: (entry: Entry) => void, discard: (entry: Entry) => void}} Context
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
      return html`<li class="row new" data-key=${row.key}><span>New</span></li>`;
    case "gap":
      return html`<li class="row notice" data-key=${row.key}>${row.entry.text}</li>`;
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
  const read = own && context.wasRead(entry);
  const classes = `row message ${first ? "first" : ""} ${own ? "own" : ""} ${status}`;
  return html`<li class=${classes} data-key=${entry.key}>
    ${guard([entry, first, read], () => html`
      <div class="gutter">${first ? face(entry, own) : html`<time title=${fullTime(entry.time)}>${briefTime(entry.time)}</time>`}</div>
      <div class="message-body">
        ${first ? byline(entry, own) : html`<span class="visually-hidden">${author.name}, ${clockTime(entry.time)}: </span>`}
        <div class="text ${LARGE.test(entry.text.slice(0, 40)) ? "large" : ""}" dir="auto">${markdown(entry.text)}</div>
        ${status === "failed" ? failure(entry, context) : nothing}
      </div>
      ${own ? tick(status, read) : html`<span class="tick"></span>`}
    `)}
  </li>`;
}

/** @param {Entry} entry @param {boolean} own */
function face({ author }, own) {
  const picture = avatar(author.id, author.name, { service: author.service });
  // For the mouse only: the name beside it is the button.
  return own || author.service
    ? picture
    : html`<span class="face" title="Message ${author.name}" @click=${open(author.id)}>${picture}</span>`;
}

/** @param {Entry} entry @param {boolean} own */
function byline({ author, time }, own) {
  const name = own || author.service
    ? html`<strong class="author" dir="auto">${author.name}</strong>`
    : html`<button class="author" type="button" dir="auto" title="Message ${author.name}" @click=${open(author.id)}>${author.name}</button>`;
  return html`<header>
    ${name}${author.service ? html`<span class="tag">service</span>` : nothing}
    <time datetime=${new Date(time).toISOString()} title=${fullTime(time)}>${clockTime(time)}</time>
  </header>`;
}

/** @param {string} user */
const open = (user) => (/** @type {Event} */ event) =>
  openPerson(/** @type {EventTarget} */ (event.currentTarget), user);

/** @param {Entry} entry @param {Context} context */
function failure(entry, context) {
  return html`<p class="failure" role="alert">
    ${icons.warning}<span>Not sent. ${entry.reason}</span>
    <button class="link" type="button" @click=${() => context.retry(entry)}>Try again</button>
    <button class="link" type="button" @click=${() => context.discard(entry)}>Delete</button>
  </p>`;
}

/** @param {Entry["status"]} status @param {boolean} read */
function tick(status, read) {
  if (status === "pending") {
    return html`<span class="tick waiting" role="img" aria-label="Sending" title="Sending">${icons.clock}</span>`;
  }
  if (status === "failed") {
    return html`<span class="tick"></span>`;
  }
  const word = read ? "Read" : "Sent";
  return html`<span class="tick ${read ? "read" : ""}" role="img" aria-label=${word} title=${word}>${read ? icons.checks : icons.check}</span>`;
}
