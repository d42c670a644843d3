// @ts-check
import { html, nothing } from "lit";
import { inWords } from "../model/errors.js";
import { textOf } from "../model/timeline.js";
import { t } from "../words/words.js";
import { icons } from "./icons.js";
import { plainText } from "./markdown.js";
import { dayTime } from "./time.js";
import { View } from "./view.js";

const NARROW = matchMedia("(max-width: 1023px)");

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
        <button class="icon-button" type="button" aria-label=${t("app.close")} @click=${this.#close}>${icons.close}</button>
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
              <span class="hit-text" dir="auto">${marked(plainText(textOf(message.data)), found.text)}</span>
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
    if (NARROW.matches) {
      this.#close();
    }
  }

  #close() {
    this.store.panel = null;
    this.store.changed();
  }
}

/** A stretch of the text around what was looked for, and that set off. @param {string} text @param {string} wanted */
function marked(text, wanted) {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) {
    return text.slice(0, 160);
  }
  const from = Math.max(0, at - 40);
  const end = at + wanted.length;
  return html`${from ? "…" : ""}${text.slice(from, at)}<mark>${text.slice(at, end)}</mark>${text.slice(end, end + 100)}`;
}

customElements.define("parley-search-panel", SearchPanel);
