// @ts-check
import { html, nothing } from "lit";
import { inWords } from "../model/errors.js";
import { groupNamed, groupTitle, LOBBY } from "../model/names.js";
import { openConversation } from "./navigation.js";
import { View } from "./view.js";

/** The two questions the chat asks: the name of a group, and whether to leave one. */
class Dialogs extends View {
  static properties = { typed: { state: true }, leaving: { state: true }, busy: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.typed = "";
    /** @type {import("../model/conversation.js").Conversation | null} */
    this.leaving = null;
    this.busy = false;
    this.problem = "";
  }

  connectedCallback() {
    super.connectedCallback();
    const chat = /** @type {HTMLElement} */ (this.closest("parley-chat"));
    chat.addEventListener("new-group", () => this.#ask("new-group"));
    chat.addEventListener("leave-group", (event) => {
      this.leaving = /** @type {CustomEvent} */ (event).detail;
      this.#ask("leave-group");
    });
  }

  render() {
    return html`${this.#newGroup()} ${this.#leaveGroup()}`;
  }

  #newGroup() {
    const group = groupNamed(this.typed);
    return html`<dialog id="new-group" aria-labelledby="new-group-title" @click=${closeOutside}>
      <form method="dialog" @submit=${this.#create}>
        <h2 id="new-group-title">New group</h2>
        <p class="muted">If there is a group of that name, you join it.</p>
        <label for="group-name">Name</label>
        <input
          id="group-name"
          autocomplete="off"
          maxlength="60"
          placeholder="design-team"
          .value=${this.typed}
          aria-describedby="group-problem"
          @input=${(/** @type {any} */ event) => ((this.typed = event.target.value), (this.problem = ""))}
        />
        <p class="hint">${group && groupTitle(group) !== this.typed ? html`Will be called <strong>${groupTitle(group)}</strong>` : "\u00a0"}</p>
        <p class="problem" id="group-problem" role="alert">${this.problem || nothing}</p>
        <footer>
          <button class="button" type="button" @click=${close}>Cancel</button>
          <button class="button primary" type="submit" ?disabled=${!group || this.busy}>Create or join</button>
        </footer>
      </form>
    </dialog>`;
  }

  #leaveGroup() {
    const title = this.leaving ? this.leaving.title(this.store.directory) : "";
    return html`<dialog id="leave-group" aria-labelledby="leave-group-title" @click=${closeOutside}>
      <form method="dialog" @submit=${this.#leave}>
        <h2 id="leave-group-title">Leave ${title}?</h2>
        <p class="muted">You will no longer get what is said there. You can join again by its name.</p>
        <p class="problem" role="alert">${this.problem || nothing}</p>
        <footer>
          <button class="button" type="button" @click=${close}>Stay</button>
          <button class="button danger" type="submit" ?disabled=${this.busy}>Leave</button>
        </footer>
      </form>
    </dialog>`;
  }

  /** @param {string} id */
  async #ask(id) {
    this.problem = "";
    this.typed = "";
    await this.updateComplete;
    /** @type {HTMLDialogElement | null} */ (this.querySelector("#" + id))?.showModal();
  }

  /** @param {SubmitEvent} event */
  #create(event) {
    const group = groupNamed(this.typed);
    this.#run(event, async () => {
      await this.hub.join(group);
      openConversation(this, group);
    });
  }

  /** @param {SubmitEvent} event */
  #leave(event) {
    this.#run(event, async () => {
      await this.hub.leave(/** @type {any} */ (this.leaving));
      openConversation(this, LOBBY);
    });
  }

  /** Keeps the dialog open until the deed is done. @param {SubmitEvent} event @param {() => Promise<void>} deed */
  async #run(event, deed) {
    event.preventDefault();
    this.busy = true;
    try {
      await deed();
      close(event);
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
