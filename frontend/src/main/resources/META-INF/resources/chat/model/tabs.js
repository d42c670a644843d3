// @ts-check
/**
 * The tabs of one user in this browser. What one writes is shown in all of them; one of them, the first, sends what a tab
 * that is gone has left behind, and shows notifications. The browser's own locks say which one that is, so a tab that
 * crashes leaves nothing locked.
 */
export class Tabs {
  /** Names this tab; what it has not sent yet carries it. */
  id = crypto.randomUUID();
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
  }

  /** @param {() => void} onFirst called when this tab has become the first one */
  begin(onFirst) {
    this.#hold(this.#lock("tab." + this.id), () => {});
    this.#hold(this.#lock("first"), () => {
      this.first = true;
      onFirst();
    });
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
    const prefix = this.#lock("tab.");
    const { held = [] } = await navigator.locks.query();
    return new Set(held.map(({ name = "" }) => name).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)));
  }

  /** Whether somebody looks at one of them. */
  async looked() {
    const { held = [] } = await navigator.locks.query();
    return held.some(({ name }) => name === this.#lock("focus"));
  }

  #focus() {
    this.#blur();
    const end = new AbortController();
    this.#blur = () => end.abort();
    navigator.locks
      .request(this.#lock("focus"), { mode: "shared" }, () => new Promise((resolve) => end.signal.addEventListener("abort", resolve)))
      .catch(() => {});
  }

  /** @param {string} what */
  #lock(what) {
    return `parley.${this.#user}.${what}`;
  }

  #release = () => {};
  #released = new Promise((resolve) => (this.#release = () => resolve(undefined)));

  /** Until this tab ends. @param {string} name @param {() => void} onHeld */
  #hold(name, onHeld) {
    navigator.locks
      .request(name, { signal: this.#end.signal }, () => {
        onHeld();
        return this.#released;
      })
      .catch(() => {}); // Ended while waiting.
  }
}
