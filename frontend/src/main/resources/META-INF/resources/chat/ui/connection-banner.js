// @ts-check
import { html, nothing } from "lit";
import { t } from "../words/words.js";
import { icons } from "./icons.js";
import { View } from "./view.js";

/** A short loss is nobody's business; one longer than this is told, in milliseconds. */
const TOLD_AFTER = 2_000;

/** @type {Record<number, string>} */
const FINAL = { 4200: t("link.4200"), 4201: t("link.4201"), 4202: t("link.4202") };

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
        ${t(link.state === "disconnected" ? "link.reconnect" : "link.try")}
      </button>
    </div>`;
  }

  #words() {
    const { state, code, retryAt = 0, welcomed } = this.store.link;
    if (state === "disconnected") {
      return FINAL[code || 0] || t("link.ended");
    }
    const left = retryAt - Date.now();
    this.#again(left > 0 ? left % 1000 || 1000 : 1000);
    const kept = welcomed ? t("link.kept") : "";
    const lead = t(welcomed ? "link.lost" : "link.unreachable");
    // The countdown is for the eye: a screen reader would read it out each second.
    const next = left > 500 ? t("link.next", { count: Math.ceil(left / 1000) }) : t("link.now");
    return html`<strong>${lead}</strong> <span aria-hidden="true" class="countdown">${next}</span><span class="kept">${kept}</span>`;
  }

  /** @param {number} millis */
  #again(millis) {
    this.timer = setTimeout(() => this.requestUpdate(), millis);
  }
}

customElements.define("parley-connection-banner", ConnectionBanner);
