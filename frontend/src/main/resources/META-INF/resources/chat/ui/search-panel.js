// @ts-check
import { html, nothing } from "lit";
import { inWords } from "../model/errors.js";
import { plainText } from "../model/plain-text.js";
import { textOf } from "../model/timeline.js";
import { t } from "../words/words.js";
import { icons } from "./icons.js";
import { PANEL_OVER } from "./media.js";
import { closePanel } from "./navigation.js";
import { dayTime } from "./time.js";
import { View } from "./view.js";

/** Shown before what was looked for, and after it, in characters. */
const LEAD = 40;
const TAIL = 100;

/** Finds messages of the open conversation; a click on one goes to it. */
class SearchPanel extends View {
  static properties = { typed: { state: true }, found: { state: true }, busy: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.typed = "";
    /** @type {{text: string, messages: any[], more: boolean} | null} */
    this.found = null;
    this.busy = false;
    this.problem = "";
    /** @type {string | null} */
    this.group = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    if (this.group !== this.store.selected) {
      this.group = this.store.selected;
      this.found = null;
      this.problem = "";
    }
  }

  firstUpdated() {
    this.querySelector("input")?.focus();
  }

  render() {
    const { store } = this;
    const title = store.current?.title(store.directory) || "";
    return html`<aside class="people search" aria-label=${t("search.title", { name: title })}>
      <header class="people-head">
        <h2>${t("head.search")}</h2>
        <button class="icon-button" type="button" aria-label=${t("app.close")} @click=${() => closePanel(this.store)}>${icons.close}</button>
      </header>
      <form class="search-form" role="search" @submit=${this.#search}>
        <input
          type="search"
          maxlength="100"
          dir="auto"
          aria-label=${t("search.title", { name: title })}
          placeholder=${t("search.placeholder")}
          .value=${this.typed}
          @input=${(/** @type {any} */ event) => (this.typed = event.target.value)}
        />
      </form>
      <div class="people-scroll" tabindex="0" role="region" aria-label=${t("search.title", { name: title })}>${this.#results()}</div>
    </aside>`;
  }

  #results() {
    const { found, busy, problem } = this;
    if (busy) {
      return html`<div class="older" role="status"><span class="spinner"></span></div>`;
    }
    if (problem || !found) {
      return html`<p class="muted search-note" role=${problem ? "alert" : nothing}>${problem || t("search.hint")}</p>`;
    }
    const { messages, more } = found;
    return html`<p class="muted search-note" role="status">
        ${messages.length ? t("search.results", { count: messages.length }) : t("search.none")}${more ? ". " + t("search.more") : ""}
      </p>
      <ul>
        ${messages.map(
          (message) => html`<li>
            <button class="hit" type="button" @click=${() => this.#go(message.seq)}>
              <span class="hit-head"><strong dir="auto">${message.from.name || message.from.service}</strong><time>${dayTime(message.time)}</time></span>
              <span class="hit-text" dir="auto">${marked(textOf(message.data), found.text)}</span>
            </button>
          </li>`,
        )}
      </ul>`;
  }

  /** @param {Event} event */
  async #search(event) {
    event.preventDefault();
    const { current } = this.store;
    const text = this.typed.trim();
    if (!text || !current) {
      return;
    }
    this.busy = true;
    this.problem = "";
    try {
      this.found = { text, ...(await this.hub.search(current, text)) };
    } catch (error) {
      this.problem = inWords(error);
    }
    this.busy = false;
  }

  /** @param {number} seq */
  #go(seq) {
    const { current } = this.store;
    if (current) {
      this.hub.jump(current, seq);
    }
    if (PANEL_OVER.matches) {
      closePanel(this.store);
    }
  }
}

/** A stretch of the text around what was looked for, and that set off. @param {string} text @param {string} wanted */
function marked(text, wanted) {
  const at = Math.max(0, text.toLowerCase().indexOf(wanted.toLowerCase()));
  const from = beginning(text, at);
  const stretch = plainText(text.slice(from, at + wanted.length + TAIL));
  const there = stretch.toLowerCase().indexOf(wanted.toLowerCase());
  const lead = from ? "…" : "";
  if (there < 0) {
    return lead + stretch; // What was looked for had marks in it.
  }
  const end = there + wanted.length;
  return html`${lead}${stretch.slice(0, there)}<mark>${stretch.slice(there, end)}</mark>${stretch.slice(end)}`;
}

/** Where a stretch begins that is to show what stands there: with its line, or not far before it with a word. @param {string} text @param {number} at */
function beginning(text, at) {
  const line = text.lastIndexOf("\n", at) + 1;
  const blank = text.indexOf(" ", at - LEAD);
  return at - line <= LEAD ? Math.min(line, at) : blank < 0 || blank > at ? at - LEAD : blank + 1;
}

customElements.define("parley-search-panel", SearchPanel);
