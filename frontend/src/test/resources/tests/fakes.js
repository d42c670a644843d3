// @ts-check
import { Parley } from "/client/parley.js";

/** Lets promises settle: more turns than any chain in the client is long. */
export async function settle() {
  for (let turn = 0; turn < 20; turn++) {
    await Promise.resolve();
  }
}

/** Time that passes only when told to. */
export class FakeClock {
  time = 1_760_000_000_000;
  #next = 1;
  /** @type {Map<number, {at: number, task: () => void}>} */
  #timers = new Map();

  now() {
    return this.time;
  }

  /** @param {() => void} task @param {number} delay */
  setTimeout(task, delay) {
    this.#timers.set(this.#next, { at: this.time + delay, task });
    return this.#next++;
  }

  /** @param {number} timer */
  clearTimeout(timer) {
    this.#timers.delete(timer);
  }

  /** @param {number} millis */
  async pass(millis) {
    const end = this.time + millis;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) {
        break;
      }
      this.#timers.delete(due[0]);
      this.time = Math.max(this.time, due[1].at);
      due[1].task();
      await settle();
    }
    this.time = end;
  }
}

/** The far end of a socket in a test's hands. */
export class FakeSocket {
  /** @type {any[]} */
  sent = [];
  closed = false;
  onopen = () => {};
  /** @type {(event: {data: string}) => void} */
  onmessage = () => {};
  /** @type {(event: {code: number}) => void} */
  onclose = () => {};

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  /** The hub writes one text frame with these objects. @param {any[]} frames */
  async gives(...frames) {
    this.onmessage({ data: frames.map((frame) => JSON.stringify(frame)).join("\n") });
    await settle();
  }

  /** The hub closes, or the network does. @param {number} code */
  async closes(code) {
    this.onclose({ code });
    await settle();
  }

  /** @param {string} type */
  ofType(type) {
    return this.sent.filter((frame) => frame.type === type);
  }
}

export const LOBBY = "group/chat:lobby";

/** @param {any} fields */
export function welcome(fields = {}) {
  return {
    type: "welcome",
    id: "hello",
    connection: "n1.1",
    user: { id: "u1", name: "Ada" },
    node: "n1",
    channels: [{ channel: LOBBY, epoch: "k3", seq: 41 }],
    ping: { interval: 25_000, timeout: 10_000 },
    limits: { frame: 262_144, message: 65_536, sendsPerSecond: 200, sendBurst: 400, inFlight: 32, groups: 100 },
    time: 1_760_000_000_000,
    ...fields,
  };
}

/** @param {number} seq @param {any} fields */
export function message(seq, fields = {}) {
  const data = { text: `text ${seq}` };
  const from = { user: "u2", name: "Bo", connection: "n1.2" };
  return { type: "message", channel: LOBBY, epoch: "k3", seq, from, messageId: `m${seq}`, event: "message", data, ...fields };
}

/** A memory in the shape of a Storage. */
export class FakeStorage {
  /** @type {Map<string, string>} */
  items = new Map();

  /** @param {string} key */
  getItem(key) {
    return this.items.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.items.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.items.delete(key);
  }
}

/** A client on fake time, chance and network, and all that it told. @param {any} options */
export function laboratory(options = {}) {
  const clock = new FakeClock();
  /** @type {FakeSocket[]} */
  const sockets = [];
  /** @type {any[]} */
  const told = [];
  const socket = () => {
    sockets.push(new FakeSocket());
    return sockets[sockets.length - 1];
  };
  const parley = new Parley("ws://hub", /** @type {any} */ ({ clock, random: () => 0.5, socket, ...options }));
  for (const event of ["state", "message", "gap", "presence", "typing", "membership", "synced", "error"]) {
    parley.on(/** @type {any} */ (event), (/** @type {any} */ detail) => told.push({ event, detail }));
  }
  return {
    parley,
    clock,
    sockets,
    get socket() {
      return sockets[sockets.length - 1];
    },
    /** @param {string} event */
    told: (event) => told.filter((item) => item.event === event).map((item) => item.detail),
    /** The network is there and the hub says welcome. @param {any} fields */
    async admits(fields = {}) {
      await settle();
      const current = sockets[sockets.length - 1];
      current.onopen();
      await settle();
      await current.gives(welcome(fields));
      return current;
    },
  };
}
