// @ts-check
import { html, nothing } from "lit";
import { icons } from "./icons.js";
import { View } from "./view.js";

/** A short loss is nobody's business; one longer than this is told, in milliseconds. */
const TOLD_AFTER = 2_000;

/** @type {Record<number, string>} */
const FINAL = {
  4200: "This page and the server no longer understand each other. Reload the page.",
  4201: "An operator ended your connection.",
  4202: "You are connected too many times already. Close another tab, then reconnect.",
};

/** Tells of a lost connection, with the time to the next try. */
class ConnectionBanner extends View {
  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  render() {
    const { link } = this.store;
    clearTimeout(this.timer);
    const lost = Date.now() - link.since;
    if (link.state === "connected") {
      return nothing;
    }
    if (link.state === "connecting" && lost < TOLD_AFTER) {
      this.#again(TOLD_AFTER - lost);
      return nothing;
    }
    return html`<div class="banner" role="status">
      ${icons.wifiOff}
      <p>${this.#words()}</p>
      <button class="button small" type="button" @click=${() => this.hub.tryNow()}>
        ${link.state === "disconnected" ? "Reconnect" : "Try now"}
      </button>
    </div>`;
  }

  #words() {
    const { state, code, retryAt = 0, welcomed } = this.store.link;
    if (state === "disconnected") {
      return FINAL[code || 0] || "The connection has ended.";
    }
    const left = retryAt - Date.now();
    this.#again(left > 0 ? left % 1000 || 1000 : 1000);
    const kept = welcomed ? " What you write is sent as soon as it’s back." : "";
    const lead = welcomed ? "Connection lost." : "The server can’t be reached.";
    // The countdown is for the eye: a screen reader would read it out each second.
    const next = left > 500 ? `Next try in ${Math.ceil(left / 1000)} s.` : "Connecting…";
    return html`<strong>${lead}</strong> <span aria-hidden="true" class="countdown">${next}</span><span class="kept">${kept}</span>`;
  }

  /** @param {number} millis */
  #again(millis) {
    this.timer = setTimeout(() => this.requestUpdate(), millis);
  }
}

customElements.define("parley-connection-banner", ConnectionBanner);
