// @ts-check
import { newMessageId } from "../../client/parley.js";

/** Only pages that came over HTTPS, or from localhost, have locks. */
const LOCKS = /** @type {LockManager | undefined} */ (navigator.locks);
/** How long tabs have to answer where there are no locks, in milliseconds. */
const ANSWER_IN = 500;

/**
 * The tabs of one user in this browser. What one writes is shown in all of them; one of them, the first, sends what a tab
 * that is gone has left behind, and shows notifications. The browser's own locks say which one that is, so a tab that
 * crashes leaves nothing locked. Without locks each tab is a first one, and asks the others whether they are there; what two
 * of them send carries the same messageId, so it arrives once.
 */
export class Tabs {
  /** Names this tab; what it has not sent yet carries it. */
  id = newMessageId();
  first = false;
  #channel;
  #user;
  /** @type {Map<string, (detail: any) => void>} */
  #listeners = new Map();
  #end = new AbortController();
  #blur = () => {};

  /** @param {string} user */
  constructor(user) {
    this.#user = user;
    this.#channel = new BroadcastChannel("parley." + user);
    this.#channel.onmessage = ({ data: { type, detail } }) => this.#listeners.get(type)?.(detail);
    this.on("who", () => this.tell("here", this.id));
  }

  /** @param {() => void} onFirst called when this tab has become the first one */
  begin(onFirst) {
    const becomeFirst = () => {
      this.first = true;
      onFirst();
    };
    if (!LOCKS) {
      becomeFirst();
      return;
    }
    this.#hold(this.#lock("tab." + this.id), () => {});
    this.#hold(this.#lock("first"), becomeFirst);
    const { signal } = this.#end;
    addEventListener("focus", () => this.#focus(), { signal });
    addEventListener("blur", () => this.#blur(), { signal });
    if (document.hasFocus()) {
      this.#focus();
    }
  }

  end() {
    this.#end.abort();
    this.#blur();
    this.#channel.close();
    this.#release();
  }

  /** @param {string} type @param {(detail: any) => void} listener */
  on(type, listener) {
    this.#listeners.set(type, listener);
  }

  /** Tells the other tabs. @param {string} type @param {any} detail */
  tell(type, detail) {
    if (!this.#end.signal.aborted) {
      this.#channel.postMessage({ type, detail });
    }
  }

  /** The names of all tabs that are open. @returns {Promise<Set<string>>} */
  async open() {
    if (!LOCKS) {
      return this.#answering();
    }
    const prefix = this.#lock("tab.");
    const { held = [] } = await LOCKS.query();
    return new Set(held.map(({ name = "" }) => name).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)));
  }

  /** Whether somebody looks at one of them. */
  async looked() {
    const { held = [] } = (await LOCKS?.query()) ?? {};
    return held.some(({ name }) => name === this.#lock("focus"));
  }

  async #answering() {
    const open = new Set([this.id]);
    this.on("here", (id) => open.add(id));
    this.tell("who", null);
    await new Promise((resolve) => setTimeout(resolve, ANSWER_IN));
    return open;
  }

  #focus() {
    this.#blur();
    const end = new AbortController();
    this.#blur = () => end.abort();
    const whileFocused = () => new Promise((resolve) => end.signal.addEventListener("abort", resolve));
    LOCKS?.request(this.#lock("focus"), { mode: "shared" }, whileFocused).catch(() => {});
  }

  /** @param {string} what */
  #lock(what) {
    return `parley.${this.#user}.${what}`;
  }

  #release = () => {};
  #released = new Promise((resolve) => (this.#release = () => resolve(undefined)));

  /** Until this tab ends. @param {string} name @param {() => void} onHeld */
  #hold(name, onHeld) {
    const untilReleased = () => (onHeld(), this.#released);
    LOCKS?.request(name, { signal: this.#end.signal }, untilReleased).catch(() => {}); // Ended while waiting.
  }
}
