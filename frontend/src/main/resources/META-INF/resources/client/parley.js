// @ts-check
/**
 * The JavaScript client of a Parley hub: one WebSocket, kept up, resumed without loss or duplicate.
 * No dependencies; runs in browsers and wherever WebSocket is. Types and explanations stand in parley.d.ts.
 */
import { Cursors } from "./cursors.js";
import { newMessageId } from "./ids.js";
import { Outbox, ParleyError } from "./outbox.js";
import { onWake } from "./wake.js";

export { newMessageId, ParleyError };

/** Close codes after which only a person, or the application, should try again: protocol, operator, too many. */
const FINAL = new Set([4200, 4201, 4202]);
const BAD_TOKEN = new Set([4100, 4101]);

export class Parley {
  #url;
  #options;
  /** @type {Map<string, Set<(detail: any) => void>>} */
  #listeners = new Map();
  #cursors;
  #outbox;
  /** @type {WebSocket | null} */
  #socket = null;
  /** Counts sockets and disconnects, so that what belongs to an older one has no effect. */
  #generation = 0;
  #attempt = 0;
  #heard = 0;
  /** Frames heard: a clock is too coarse to tell whether one came after a question. */
  #frames = 0;
  /** @type {any} */
  #timer;
  /** @type {any} */
  #heartbeat;
  /** The pause the server named in `draining` or an error. @type {number | undefined} */
  #named;
  /** @type {ParleyError | undefined} */
  #refusal;
  #rejected = 0;
  #fresh = false;
  #telling = false;
  /** @type {{promise: Promise<any>, resolve: (welcome: any) => void, reject: (error: any) => void} | null} */
  #opening = null;
  #sleepless = () => {};

  /** @type {"disconnected" | "connecting" | "connected"} */
  state = "disconnected";
  /** The last `welcome`: who one is, limits, channels. @type {any} */
  welcome = null;

  /** @param {string} url @param {any} options */
  constructor(url, options = {}) {
    this.#url = url;
    this.#options = {
      minReconnectDelay: 500,
      maxReconnectDelay: 20_000,
      timeout: 10_000,
      maxQueue: 200,
      client: { name: "parley-js", version: "1" },
      random: Math.random,
      socket: (/** @type {string} */ to, /** @type {string} */ protocol) => new WebSocket(to, protocol),
      ...options,
    };
    this.#options.clock = options.clock || {
      now: () => Date.now(),
      setTimeout: (/** @type {() => void} */ task, /** @type {number} */ delay) => setTimeout(task, delay),
      clearTimeout: (/** @type {any} */ timer) => clearTimeout(timer),
    };
    this.#cursors = new Cursors(options.storage, (task) => this.#options.clock.setTimeout(task, 250));
    this.#outbox = new Outbox(this.#options);
  }

  connect() {
    /** @type {any} */
    const opening = this.#opening || {};
    if (!this.#opening) {
      opening.promise = new Promise((resolve, reject) => Object.assign(opening, { resolve, reject }));
      opening.promise.catch(() => {}); // Also told by the "state" event; nobody has to await connect().
      this.#opening = opening;
      this.#sleepless = onWake(() => this.#probe());
      this.#open();
    } else if (this.state === "connecting" && !this.#socket) {
      this.#open(); // Somebody asks: no reason to wait out the pause.
    }
    return opening.promise;
  }

  disconnect() {
    this.#stop(new ParleyError({ code: "disconnected" }));
  }

  /** @param {string} event @param {(detail: any) => void} listener */
  on(event, listener) {
    const listeners = this.#listeners.get(event) || new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** @param {any} to @param {any} data @param {any} options */
  send(to, data, options = {}) {
    const messageId = options.messageId ?? (options.volatile ? undefined : newMessageId(this.#options.clock.now()));
    const frame = { type: "send", to, data, ...options, messageId };
    const limit = this.welcome?.limits?.message;
    // A frame too large would cost everybody on this socket a reconnect, so it does not leave.
    if (limit && new TextEncoder().encode(JSON.stringify(frame)).length > limit - 32) {
      return Promise.reject(new ParleyError({ code: "too_large" }));
    }
    return this.#outbox.add(frame, !options.volatile);
  }

  /** @param {string} group @param {any} options */
  async join(group, options = {}) {
    const { since } = options;
    const ack = await this.request("join", { group, since });
    const seq = since ? (since.seq ?? Math.max(0, ack.seq - since.last)) : ack.seq;
    this.#cursors.begin("group/" + group, { epoch: since?.epoch ?? ack.epoch, seq });
    return ack;
  }

  /**
   * Makes a user a member of a durable group, or changes the member's role.
   *
   * @param {string} group @param {string} user @param {string} [role]
   */
  async putMember(group, user, role) {
    await this.request("member", { group, user, ...(role && { role }) });
  }

  /** Ends a user's membership of a durable group. @param {string} group @param {string} user */
  async removeMember(group, user) {
    await this.request("remove", { group, user });
  }

  /** @param {string} group @param {any} page */
  members(group, page = {}) {
    return this.request("members", { group, ...page });
  }

  /** @param {string} group */
  async leave(group) {
    await this.request("leave", { group });
    this.#cursors.drop("group/" + group);
  }

  /** @param {string} channel @param {any} page */
  history(channel, page = {}) {
    return this.request("history", { channel, ...page });
  }

  /** What a chat shows of one's durable groups. @param {any} page */
  conversations(page = {}) {
    return this.request("conversations", page);
  }

  /** Changes a group's title or topic. @param {string} group @param {any} fields */
  async describe(group, fields) {
    await this.request("group", { group, ...fields });
  }

  /** How far members have read. @param {string} group */
  async receipts(group) {
    return (await this.request("receipts", { group })).receipts;
  }

  /** @param {string} channel @param {string} text @param {any} page */
  search(channel, text, page = {}) {
    return this.request("search", { channel, text, ...page });
  }

  /** Keeps one's own settings for a group. @param {string} group @param {any} value */
  async settings(group, value) {
    await this.request("settings", { group, value });
  }

  /** @param {string} group */
  presence(group) {
    return this.request("presence", { group });
  }

  /** @param {string} channel @param {number} seq */
  async read(channel, seq) {
    const same = (/** @type {any} */ frame) => frame.type === "read" && frame.channel === channel;
    if (!this.#outbox.amend(same, { seq })) {
      return this.#outbox.add({ type: "read", channel, seq }, true);
    }
  }

  /** @param {any} to @param {boolean} active */
  typing(to, active = true) {
    if (this.state === "connected") {
      this.#write({ type: "typing", to, active });
    }
  }

  /** @param {string} type @param {any} fields @returns {Promise<any>} */
  request(type, fields = {}) {
    return this.#outbox.add({ type, ...fields }, false);
  }

  async #open() {
    const generation = ++this.#generation;
    const { clock, timeout, getToken, storage, client, socket } = this.#options;
    this.#named = this.#refusal = undefined;
    this.#become("connecting", {});
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => this.#lost(generation, 1006), timeout);
    try {
      const token = getToken ? await getToken(this.#rejected ? "rejected" : "connect") : storage?.getItem("parley.token");
      if (generation !== this.#generation) {
        return;
      }
      const ws = (this.#socket = socket(this.#url, "parley.v1.json"));
      ws.onopen = () => {
        const resume = this.#cursors.resume();
        this.#write({ type: "hello", id: "hello", token: token || undefined, client, resume });
      };
      ws.onmessage = (/** @type {MessageEvent} */ { data }) => {
        if (generation === this.#generation) {
          this.#receive(generation, data);
        }
      };
      ws.onclose = (/** @type {CloseEvent} */ { code }) => this.#lost(generation, code);
    } catch (error) {
      this.#emit("error", error);
      this.#lost(generation, 1006);
    }
  }

  /** @param {any} frame */
  #write(frame) {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** @param {number} generation @param {string} text one or more frames, a line each */
  #receive(generation, text) {
    this.#heard = this.#options.clock.now();
    this.#frames++;
    for (const line of text.split("\n")) {
      if (line && generation === this.#generation) {
        let frame;
        try {
          frame = JSON.parse(line);
        } catch {
          this.#emit("error", new ParleyError({ code: "bad_frame", detail: line.slice(0, 100) }));
          continue;
        }
        this.#handle(generation, frame);
      }
    }
  }

  /** @param {number} generation @param {any} frame */
  #handle(generation, frame) {
    const { type, channel, epoch } = frame;
    switch (type) {
      case "welcome":
        return this.#welcomed(generation, frame);
      case "ack":
        return void this.#outbox.answer(frame);
      case "error":
        if (frame.id === "hello") {
          this.#named = frame.retryAfter;
          this.#refusal = new ParleyError(frame);
        } else if (!this.#outbox.answer(frame)) {
          this.#emit("error", new ParleyError(frame));
        }
        return;
      case "message":
        if (frame.seq === undefined || this.#cursors.advance(channel, epoch, frame.seq)) {
          this.#emit(type, frame);
          this.#received(channel, frame.from.user);
        }
        return this.#caughtUp();
      case "gap":
      case "skip":
        if (this.#cursors.advance(channel, epoch, frame.to) && type === "gap") {
          this.#emit(type, frame);
        }
        return this.#caughtUp();
      case "ping":
        return this.#write({ type: "pong", id: frame.id });
      case "membership":
        if (frame.state === "removed") {
          this.#cursors.drop("group/" + frame.group);
        } else {
          this.#cursors.begin("group/" + frame.group, frame);
        }
        return this.#emit(type, frame);
      case "presence":
      case "typing":
      case "receipt":
      case "settings":
        return this.#emit(type, frame);
      case "expiring":
        return void this.#refresh();
      case "draining":
        this.#named = frame.reconnectAfter;
    }
  }

  /** @param {number} generation @param {any} frame */
  #welcomed(generation, frame) {
    const { clock, storage } = this.#options;
    clock.clearTimeout(this.#timer);
    this.welcome = frame;
    this.#attempt = this.#rejected = 0;
    this.#fresh = true;
    if (frame.token) {
      try {
        storage?.setItem("parley.token", frame.token);
      } catch {
        // The identity then ends with the page.
      }
    }
    for (const { channel, error } of this.#cursors.welcome(frame.channels || [])) {
      this.#emit("error", new ParleyError({ code: error, detail: channel }));
    }
    this.#watch(generation, frame.ping.interval + frame.ping.timeout);
    // Opened before it is told, so that who hears of it can ask at once.
    this.#outbox.open((text) => this.#socket?.send(text), frame.limits.inFlight);
    this.#become("connected", { welcome: frame });
    this.#opening?.resolve(frame);
    this.#caughtUp();
  }

  /** Lets the other one of a direct conversation know soon: any frame says that what came before arrived. @param {string} channel @param {string} from */
  #received(channel, from) {
    if (channel.startsWith("group/dm:") && from !== this.welcome.user.id && !this.#telling) {
      const generation = this.#generation;
      this.#telling = true;
      this.#options.clock.setTimeout(() => {
        this.#telling = false;
        if (generation === this.#generation) {
          this.#write({ type: "pong" });
        }
      }, 50);
    }
  }

  #caughtUp() {
    if (this.#fresh && this.#cursors.synced) {
      this.#fresh = false;
      this.#emit("synced", this.welcome);
    }
  }

  async #refresh() {
    try {
      const token = await this.#options.getToken?.("expiring");
      if (token) {
        await this.request("refresh", { token });
      }
    } catch (error) {
      this.#emit("error", error); // The server will close with 4100, and getToken is asked anew.
    }
  }

  /** Takes the connection for dead when nothing was heard for `silence` milliseconds. @param {number} generation @param {number} silence */
  #watch(generation, silence) {
    const { clock } = this.#options;
    clock.clearTimeout(this.#heartbeat);
    const left = this.#heard + silence - clock.now();
    if (left <= 0) {
      this.#lost(generation, 4000);
    } else {
      this.#heartbeat = clock.setTimeout(() => this.#watch(generation, silence), left);
    }
  }

  /** The network may have changed, or the machine slept: find out now. */
  #probe() {
    const { clock, timeout } = this.#options;
    if (this.state === "connected") {
      const [generation, frames] = [this.#generation, this.#frames];
      this.#write({ type: "ping", id: "probe" });
      clock.setTimeout(() => {
        if (generation === this.#generation && frames === this.#frames) {
          this.#lost(generation, 4000);
        }
      }, Math.min(timeout, 5_000));
    } else if (this.#opening && !this.#socket && this.#named === undefined) {
      this.#open();
    }
  }

  /** @param {number} generation @param {number} code */
  #lost(generation, code) {
    if (generation !== this.#generation) {
      return;
    }
    this.#generation++;
    const { clock, random, minReconnectDelay: min, maxReconnectDelay: max, getToken, storage } = this.#options;
    const wasUp = this.state === "connected";
    this.#detach();
    if (BAD_TOKEN.has(code) && !getToken) {
      storage?.removeItem?.("parley.token");
    }
    if (FINAL.has(code) || (BAD_TOKEN.has(code) && (!getToken || this.#rejected++))) {
      this.#stop(this.#refusal || new ParleyError({ code: "closed", detail: `closed with ${code}` }), code);
      return;
    }
    // What closed with 1009 would do so again.
    this.#outbox.close(code === 1009 ? new ParleyError({ code: "too_large" }) : undefined);
    const ceiling = Math.min(max, min * 2 ** this.#attempt++);
    const delay =
      this.#named ??
      (wasUp && code === 4000 ? 0 : code === 1008 ? max / 2 + (random() * max) / 2 : random() * ceiling);
    this.#become("connecting", { code, retryAt: clock.now() + delay });
    this.#timer = clock.setTimeout(() => this.#open(), delay);
  }

  /** Ends for good. @param {ParleyError} error @param {number=} code */
  #stop(error, code) {
    this.#generation++;
    this.#detach();
    this.#sleepless();
    this.#outbox.close(error);
    this.#opening?.reject(error);
    this.#opening = null;
    this.#attempt = this.#rejected = 0;
    this.#become("disconnected", { code, error });
  }

  #detach() {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer);
    clock.clearTimeout(this.#heartbeat);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
  }

  /** @param {"disconnected" | "connecting" | "connected"} state @param {any} detail */
  #become(state, detail) {
    this.state = state;
    this.#emit("state", { state, ...detail });
  }

  /** @param {string} event @param {any} detail */
  #emit(event, detail) {
    for (const listener of this.#listeners.get(event) || []) {
      try {
        listener(detail);
      } catch (error) {
        queueMicrotask(() => {
          throw error; // For the console and window.onerror; one listener may not stop the others, or a cursor.
        });
      }
    }
  }
}
