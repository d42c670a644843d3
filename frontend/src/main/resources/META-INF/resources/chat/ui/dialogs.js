// @ts-check
import { html, nothing } from "lit";
import { inWords } from "../model/errors.js";
import { groupNamed, groupTitle, LOBBY } from "../model/names.js";
import { notify, notifying } from "../model/notifier.js";
import { language, LANGUAGES, speak, t } from "../words/words.js";
import { avatar } from "./avatar.js";
import { openConversation } from "./navigation.js";
import { View } from "./view.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */

/** The questions the chat asks, each opened by an event of that name. */
const ASKED = ["new-group", "leave-group", "rename-group", "add-people", "delete-message", "settings"];

/** What the chat asks before it does something, and what a person can set. */
class Dialogs extends View {
  static properties = {
    typed: { state: true },
    topic: { state: true },
    subject: { state: true },
    busy: { state: true },
    problem: { state: true },
    added: { state: true },
  };

  constructor() {
    super();
    this.typed = "";
    this.topic = "";
    /** What the question is about: a conversation, or a message of one. @type {any} */
    this.subject = null;
    this.busy = false;
    this.problem = "";
    /** Who was added while the dialog is open. @type {Set<string>} */
    this.added = new Set();
  }

  connectedCallback() {
    super.connectedCallback();
    const chat = /** @type {HTMLElement} */ (this.closest("parley-chat"));
    for (const name of ASKED) {
      chat.addEventListener(name, (event) => this.#ask(name, /** @type {CustomEvent} */ (event).detail));
    }
  }

  /** What nobody sees is not rendered each time that somebody says something. @param {Map<string, unknown>} changed */
  shouldUpdate(changed) {
    return changed.size > 0 || this.querySelector("dialog[open]") !== null;
  }

  render() {
    return html`${this.#newGroup()} ${this.#leaveGroup()} ${this.#renameGroup()} ${this.#addPeople()} ${this.#deleteMessage()} ${this.#settings()}`;
  }

  #newGroup() {
    const group = groupNamed(this.typed);
    const called = group && groupTitle(group) !== this.typed && !this.#titled(group);
    return html`<dialog id="new-group" aria-labelledby="new-group-title" @click=${closeOutside}>
      <form method="dialog" @submit=${this.#create}>
        <h2 id="new-group-title">${t("app.newGroup")}</h2>
        <p class="muted">${t("group.lead")}</p>
        <label for="group-name">${t("group.name")}</label>
        ${this.#field("group-name", this.typed, (text) => (this.typed = text), 60, "design-team")}
        <p class="hint">${called ? html`${t("group.called")} <strong>${groupTitle(group)}</strong>` : "\u00a0"}</p>
        ${this.#end("group-problem", t("app.cancel"), t("group.create"), "primary", !group)}
      </form>
    </dialog>`;
  }

  #leaveGroup() {
    return html`<dialog id="leave-group" aria-labelledby="leave-group-title" @click=${closeOutside}>
      <form method="dialog" @submit=${this.#leave}>
        <h2 id="leave-group-title">${t("leave.title", { name: this.#title })}</h2>
        <p class="muted">${t("leave.lead")}</p>
        ${this.#end("leave-problem", t("leave.stay"), t("leave.leave"), "danger")}
      </form>
    </dialog>`;
  }

  #renameGroup() {
    return html`<dialog id="rename-group" aria-labelledby="rename-group-title" @click=${closeOutside}>
      <form method="dialog" @submit=${this.#rename}>
        <h2 id="rename-group-title">${t("head.rename")}</h2>
        <p class="muted">${t("rename.lead")}</p>
        <label for="rename-name">${t("group.name")}</label>
        ${this.#field("rename-name", this.typed, (text) => (this.typed = text), 100, "")}
        <label class="next" for="rename-topic">${t("rename.topic")}</label>
        ${this.#field("rename-topic", this.topic, (text) => (this.topic = text), 300, "")}
        ${this.#end("rename-problem", t("app.cancel"), t("rename.save"), "primary")}
      </form>
    </dialog>`;
  }

  #addPeople() {
    const members = new Set(this.subject?.members || []);
    const wanted = this.typed.trim().toLowerCase();
    const others = this.store.directory.people
      .filter(({ user, name }) => (!members.has(user) || this.added.has(user)) && user !== this.store.me.id && name.toLowerCase().includes(wanted))
      .sort((one, other) => one.name.localeCompare(other.name));
    return html`<dialog id="add-people" aria-labelledby="add-people-title" @click=${closeOutside}>
      <form method="dialog">
        <h2 id="add-people-title">${t("add.title", { name: this.#title })}</h2>
        <p class="muted">${t("add.lead")}</p>
        <label for="add-name">${t("add.find")}</label>
        ${this.#field("add-name", this.typed, (text) => (this.typed = text), 60, "")}
        <ul class="pick">
          ${others.slice(0, 50).map(({ user, name }) => {
            const done = this.added.has(user);
            return html`<li>
              ${avatar(user, name, { online: this.store.isOnline(user) })}<span class="name" dir="auto">${name}</span>
              <button class="button small" type="button" ?disabled=${done} aria-label="${t(done ? "add.added" : "add.add")} ${name}" @click=${() => this.#add(user)}>
                ${t(done ? "add.added" : "add.add")}
              </button>
            </li>`;
          })}
        </ul>
        ${others.length ? nothing : html`<p class="hint">${t("add.nobody")}</p>`}
        <p class="problem" role="alert">${this.problem || nothing}</p>
        <footer><button class="button primary" type="submit">${t("app.close")}</button></footer>
      </form>
    </dialog>`;
  }

  #deleteMessage() {
    return html`<dialog id="delete-message" aria-labelledby="delete-message-title" @click=${closeOutside}>
      <form method="dialog" @submit=${this.#delete}>
        <h2 id="delete-message-title">${t("delete.title")}</h2>
        <p class="muted">${t("delete.lead")}</p>
        ${this.#end("delete-problem", t("delete.keep"), t("delete.delete"), "danger")}
      </form>
    </dialog>`;
  }

  #settings() {
    const blocked = "Notification" in window && Notification.permission === "denied";
    const keys = [
      [["Ctrl", "K"], t("settings.keySwitch")],
      [["Ctrl", "F"], t("settings.keySearch")],
      [["↑"], t("settings.keyEdit")],
      [["Esc"], t("settings.keyEsc")],
    ];
    return html`<dialog id="settings" aria-labelledby="settings-title" @click=${closeOutside}>
      <form method="dialog">
        <h2 id="settings-title">${t("app.settings")}</h2>
        <label for="language">${t("settings.language")}</label>
        <select id="language" @change=${(/** @type {any} */ event) => speak(event.target.value)}>
          ${Object.entries(LANGUAGES).map(([tag, name]) => html`<option value=${tag} lang=${tag} ?selected=${tag === language}>${name}</option>`)}
        </select>
        <label class="check">
          <input type="checkbox" id="notify" .checked=${notifying()} ?disabled=${blocked} @change=${this.#notify} />
          <span>${t("settings.notify")}<small>${blocked ? t("settings.notifyDenied") : t("settings.notifyHint")}</small></span>
        </label>
        <h3>${t("settings.keys")}</h3>
        <dl class="keys">
          ${keys.map(([names, what]) => html`<div><dt dir="ltr">${/** @type {string[]} */ (names).map((name) => html`<kbd>${name}</kbd>`)}</dt><dd>${what}</dd></div>`)}
        </dl>
        <footer><button class="button primary" type="submit">${t("app.close")}</button></footer>
      </form>
    </dialog>`;
  }

  /** @param {string} id @param {string} value @param {(text: string) => void} set @param {number} most @param {string} example */
  #field(id, value, set, most, example) {
    return html`<input
      id=${id}
      autocomplete="off"
      maxlength=${most}
      dir="auto"
      placeholder=${example}
      .value=${value}
      @input=${(/** @type {any} */ event) => (set(event.target.value), (this.problem = ""))}
    />`;
  }

  /** @param {string} id @param {string} no @param {string} yes @param {"primary" | "danger"} kind */
  #end(id, no, yes, kind, disabled = false) {
    return html`<p class="problem" id=${id} role="alert">${this.problem || nothing}</p>
      <footer>
        <button class="button" type="button" @click=${close}>${no}</button>
        <button class="button ${kind}" type="submit" ?disabled=${disabled || this.busy}>${yes}</button>
      </footer>`;
  }

  get #title() {
    return this.subject?.title?.(this.store.directory) || "";
  }

  /** What was typed, where the name on the wire does not say all of it. @param {string} group */
  #titled(group) {
    const typed = this.typed.trim().replace(/^#/, "");
    return typed !== groupTitle(group) && typed.toLowerCase() !== groupTitle(group) ? typed : "";
  }

  /** @param {string} id @param {any} subject */
  async #ask(id, subject) {
    this.problem = "";
    this.subject = subject ?? null;
    this.typed = id === "rename-group" ? subject.named || groupTitle(subject.group) : "";
    this.topic = subject?.topic || "";
    this.added = new Set();
    this.requestUpdate();
    await this.updateComplete;
    /** @type {HTMLDialogElement | null} */ (this.querySelector("#" + id))?.showModal();
  }

  /** @param {SubmitEvent} event */
  #create(event) {
    const group = groupNamed(this.typed);
    const title = this.#titled(group);
    this.#run(event, async () => {
      await this.hub.join(group, title);
      openConversation(this, group);
    });
  }

  /** @param {SubmitEvent} event */
  #leave(event) {
    this.#run(event, async () => {
      await this.hub.leave(this.subject);
      openConversation(this, LOBBY);
    });
  }

  /** @param {SubmitEvent} event */
  #rename(event) {
    const title = this.typed.trim();
    this.#run(event, () => this.hub.describe(this.subject, title === groupTitle(this.subject.group) ? "" : title, this.topic.trim()));
  }

  /** @param {string} user */
  async #add(user) {
    this.problem = "";
    try {
      await this.hub.addPerson(this.subject, user);
      this.added = new Set([...this.added, user]);
    } catch (error) {
      this.problem = inWords(error);
    }
  }

  /** @param {SubmitEvent} event */
  #delete(event) {
    const { conversation, entry } = this.subject;
    this.#run(event, async () => this.hub.delete(conversation, entry));
  }

  /** @param {any} event */
  async #notify(event) {
    event.target.checked = await notify(event.target.checked);
    this.requestUpdate();
  }

  /** Keeps the dialog open until the deed is done. @param {SubmitEvent} event @param {() => Promise<void>} deed */
  async #run(event, deed) {
    event.preventDefault();
    const { target } = event;
    this.busy = true;
    try {
      await deed();
      /** @type {HTMLElement} */ (target).closest("dialog")?.close();
    } catch (error) {
      this.problem = inWords(error);
    }
    this.busy = false;
  }
}

/** @param {Event} event */
function close(event) {
  /** @type {HTMLElement} */ (event.target).closest("dialog")?.close();
}

/** A click on the backdrop, which belongs to the dialog's element itself. @param {Event} event */
function closeOutside(event) {
  if (event.target === event.currentTarget) {
    close(event);
  }
}

customElements.define("parley-dialogs", Dialogs);
