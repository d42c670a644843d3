// @ts-check
import { html, nothing } from "lit";
import { inWords } from "../model/errors.js";
import { groupNamed, groupTitle, LOBBY, plainName } from "../model/names.js";
import { notify, notifying } from "../model/notifier.js";
import { language, LANGUAGES, speak, t } from "../words/words.js";
import { avatar } from "./avatar.js";
import { COMMAND, TOUCH } from "./media.js";
import { openConversation } from "./navigation.js";
import { rolesUpTo, roleName } from "./roles.js";
import { View } from "./view.js";

/** @typedef {import("../model/conversation.js").Conversation} Conversation */

/** The questions the chat asks, each opened by an event of that name. */
const ASKED = ["new-group", "leave-group", "leave-chat", "rename-group", "add-people", "manage-person", "delete-message", "settings"];

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
    /** What the question is about: a conversation, or a message or a person of one. @type {any} */
    this.subject = null;
    this.busy = false;
    this.problem = "";
    /** Who was added while the dialog is open. @type {Set<string>} */
    this.added = new Set();
    /** Who was online when the dialog opened: the order stays as it was while somebody reaches for a name. @type {Set<string>} */
    this.here = new Set();
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
    return [
      this.#newGroup(),
      this.#renameGroup(),
      this.#addPeople(),
      this.#managePerson(),
      this.#settings(),
      this.#sure("leave-group", t("leave.title", { name: this.#title }), t("leave.lead"), t("leave.stay"), t("leave.leave"), this.#leave),
      this.#sure("leave-chat", t("signout.title"), t("signout.lead"), t("leave.stay"), t("app.signOut"), this.#signOut),
      this.#sure("delete-message", t("delete.title"), t("delete.lead"), t("delete.keep"), t("delete.delete"), this.#delete),
    ];
  }

  /** @param {string} id @param {string} title @param {unknown} content @param {((event: SubmitEvent) => void)=} submit */
  #dialog(id, title, content, submit) {
    return html`<dialog id=${id} aria-labelledby="${id}-title" @click=${closeOutside} @close=${this.#closed}>
      <form method="dialog" @submit=${submit}>
        <h2 id="${id}-title">${title}</h2>
        ${content}
      </form>
    </dialog>`;
  }

  /**
   * Asks before what can't be undone.
   * @param {string} id @param {string} title @param {string} lead @param {string} no @param {string} yes @param {(event: SubmitEvent) => void} submit
   */
  #sure(id, title, lead, no, yes, submit) {
    return this.#dialog(id, title, html`<p class="muted">${lead}</p>${this.#end(no, yes, "danger")}`, submit);
  }

  #newGroup() {
    const group = groupNamed(this.typed);
    const called = group && groupTitle(group) !== this.typed && !this.#titled(group);
    const content = html`<p class="muted">${t("group.lead")}</p>
      <label for="group-name">${t("group.name")}</label>
      ${this.#field("group-name", this.typed, (text) => (this.typed = text), 60, "design-team")}
      <p class="hint">${called ? html`${t("group.called")} <strong>${groupTitle(group)}</strong>` : "\u00a0"}</p>
      ${this.#end(t("app.cancel"), t("group.create"), "primary", !group)}`;
    return this.#dialog("new-group", t("app.newGroup"), content, this.#create);
  }

  #renameGroup() {
    const content = html`<p class="muted">${t("rename.lead")}</p>
      <label for="rename-name">${t("group.name")}</label>
      ${this.#field("rename-name", this.typed, (text) => (this.typed = text), 100, "")}
      <label class="next" for="rename-topic">${t("rename.topic")}</label>
      ${this.#field("rename-topic", this.topic, (text) => (this.topic = text), 300, "")}
      ${this.#end(t("app.cancel"), t("app.save"), "primary")}`;
    return this.#dialog("rename-group", t("head.rename"), content, this.#rename);
  }

  #addPeople() {
    const members = new Set(this.subject?.members || []);
    const wanted = plainName(this.typed);
    const away = (/** @type {{user: string}} */ { user }) => (this.here.has(user) ? 0 : 1);
    const others = this.store.directory.people
      .filter(({ user, name }) => (!members.has(user) || this.added.has(user)) && user !== this.store.me.id && plainName(name).includes(wanted))
      .sort((one, other) => away(one) - away(other) || one.name.localeCompare(other.name));
    const content = html`<p class="muted">${t("add.lead")}</p>
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
      ${others.length ? nothing : html`<p class="hint">${t(wanted ? "switch.none" : "add.nobody")}</p>`} ${this.#closing()}`;
    return this.#dialog("add-people", t("add.title", { name: this.#title }), content);
  }

  #managePerson() {
    const { conversation, name = "" } = this.subject?.user ? this.subject : {};
    const removable = conversation && conversation.group !== LOBBY; // To the lobby everybody comes back.
    const content = html`<label for="person-role">${t("manage.role")}</label>
      <select id="person-role" @change=${(/** @type {any} */ event) => (this.typed = event.target.value)}>
        ${rolesUpTo(conversation?.role || "").map((role) => html`<option value=${role} .selected=${role === this.typed}>${roleName(role)}</option>`)}
      </select>
      ${removable ? html`<button class="link danger" type="button" @click=${this.#remove}>${t("manage.remove")}</button>` : nothing}
      ${this.#end(t("app.cancel"), t("app.save"), "primary")}`;
    const title = t("manage.title", { name, group: conversation?.title(this.store.directory) || "" });
    return this.#dialog("manage-person", title, content, this.#changeRole);
  }

  #settings() {
    const blocked = "Notification" in window && Notification.permission === "denied";
    const keys = [
      [[COMMAND, "K"], t("settings.keySwitch")],
      [[COMMAND, "F"], t("settings.keySearch")],
      [["↑"], t("settings.keyEdit")],
      [["Esc"], t("settings.keyEsc")],
    ];
    const content = html`<label for="language">${t("settings.language")}</label>
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
      ${this.#closing()}`;
    return this.#dialog("settings", t("app.settings"), content);
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

  /** @param {string} no @param {string} yes @param {"primary" | "danger"} kind */
  #end(no, yes, kind, disabled = false) {
    return html`<p class="problem" role="alert">${this.problem || nothing}</p>
      <footer>
        <button class="button" type="button" @click=${close}>${no}</button>
        <button class="button ${kind}" type="submit" ?disabled=${disabled || this.busy}>${yes}</button>
      </footer>`;
  }

  #closing() {
    return html`<p class="problem" role="alert">${this.problem || nothing}</p>
      <footer><button class="button primary" type="submit">${t("app.close")}</button></footer>`;
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
    this.typed = id === "rename-group" ? subject.named || groupTitle(subject.group) : id === "manage-person" ? subject.role : "";
    this.topic = subject?.topic || "";
    this.added = new Set();
    this.here = new Set(this.store.directory.people.map(({ user }) => user).filter((user) => this.store.isOnline(user)));
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
  #signOut(event) {
    this.#run(event, async () => {
      this.dispatchEvent(new CustomEvent("sign-out", { bubbles: true }));
    });
  }

  /** @param {SubmitEvent} event */
  #changeRole(event) {
    const { conversation, user } = this.subject;
    const role = /** @type {import("./roles.js").Role} */ (this.typed);
    this.#run(event, () => this.hub.changeRole(conversation, user, role));
  }

  /** @param {Event} event */
  #remove(event) {
    const { conversation, user } = this.subject;
    this.#run(event, () => this.hub.removePerson(conversation, user));
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

  /** What had the focus before may be gone, with the message that it was about; then it is with what can't be seen any more. @param {Event} event */
  #closed(event) {
    const { activeElement } = document;
    const lost = activeElement === document.body || /** @type {Node} */ (event.target).contains(activeElement);
    if (lost && !TOUCH.matches) {
      /** @type {HTMLElement | null} */ (document.querySelector("#composer"))?.focus();
    }
  }

  /** Keeps the dialog open until the deed is done. @param {Event} event @param {() => Promise<void>} deed */
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
