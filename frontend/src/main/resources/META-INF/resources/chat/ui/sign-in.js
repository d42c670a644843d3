// @ts-check
import { html, LitElement, nothing } from "lit";
import { signIn } from "../model/identity.js";
import { t } from "../words/words.js";
import { mark } from "./icons.js";

/** The first page: a name, and in. Tells `signed-in` with the identity. */
class SignIn extends LitElement {
  static properties = { reason: {}, name: {}, busy: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** Why one is here again. */
    this.reason = "";
    this.name = "";
    this.busy = false;
    this.problem = "";
  }

  createRenderRoot() {
    return this;
  }

  firstUpdated() {
    this.querySelector("input")?.focus();
  }

  render() {
    const problem = this.problem || this.reason;
    return html`
      <main class="sign-in">
        <form class="sign-in-card" novalidate @submit=${this.#submit}>
          <div class="wordmark large">${mark}<span>Parley</span></div>
          <h1>${t("signin.title")}</h1>
          <p class="muted">${t("signin.lead")}</p>
          <label for="name">${t("signin.name")}</label>
          <input
            id="name"
            name="name"
            autocomplete="nickname"
            maxlength="40"
            dir="auto"
            placeholder="Ada Lovelace"
            .value=${this.name}
            aria-invalid=${this.problem ? "true" : "false"}
            aria-describedby="sign-in-problem"
            @input=${() => (this.problem = "")}
          />
          <p class="problem" id="sign-in-problem" role="alert">${problem || nothing}</p>
          <button class="button primary wide" type="submit" ?disabled=${this.busy}>
            ${t(this.busy ? "signin.busy" : "signin.enter")}
          </button>
        </form>
      </main>
    `;
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (this.querySelector("input"));
    const name = input.value.trim().replace(/\s+/g, " ");
    if (this.busy) {
      return;
    }
    if (!name) {
      this.problem = t("signin.empty");
      input.focus();
      return;
    }
    this.busy = true;
    try {
      const identity = await signIn(name);
      this.dispatchEvent(new CustomEvent("signed-in", { detail: identity }));
    } catch (error) {
      this.problem = /** @type {Error} */ (error).message;
      input.focus();
    }
    this.busy = false;
  }
}

customElements.define("parley-sign-in", SignIn);
