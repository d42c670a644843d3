// @ts-check
/**
 * One conversation's entries as this client knows them: those of the log in its order, then one's own that are still
 * on their way. Entries are never changed, only replaced, so that a view can tell by identity what is new.
 */

/**
 * @typedef {{
 *   key: string, kind: "message" | "membership" | "gap", generation: number, seq: number, messageId: string,
 *   author: {id: string, name: string, service?: boolean}, time: number, text: string, data?: any,
 *   status: "sent" | "pending" | "failed", reason?: string
 * }} Entry
 */

/** A timeline that nobody scrolls in is cut to KEPT entries when it has more than MOST. */
const MOST = 1_000;
const KEPT = 300;

export class Timeline {
  /** @type {Entry[]} */
  entries = [];
  /** @type {Entry[]} */
  pending = [];
  /** Whether older entries are to be had. */
  more = true;
  /** The log's epochs in the order they were met; a log begun anew is a later one. @type {string[]} */
  #epochs = [];
  #known = new Set();

  /** @param {any} message from the hub, live or out of the history @returns {Entry | null} null if it was known */
  add(message) {
    if (this.entries.length && !this.#epochs.includes(message.epoch)) {
      this.addGap({ epoch: message.epoch, from: 1, to: 0, reason: "epoch" });
    }
    const generation = this.#generation(message.epoch);
    const id = `${generation}:${message.seq}`;
    if (this.#known.has(id)) {
      return null;
    }
    this.#known.add(id);
    const mine = this.pending.find((entry) => entry.messageId === message.messageId);
    this.pending = this.pending.filter((entry) => entry !== mine);
    const entry = entryOf(message, generation, mine?.key || id);
    this.#insert(entry);
    return entry;
  }

  /** Notes that entries are missing for good. @param {{epoch: string, from: number, to: number, reason: string}} gap */
  addGap({ epoch, from, to, reason }) {
    const anew = reason === "epoch";
    const generation = this.#generation(epoch);
    const id = `${generation}:gap:${from}`;
    if (anew) {
      this.more = false;
    }
    // Nothing was missed where nothing had been seen.
    if (this.entries.length && !this.#known.has(id)) {
      this.#known.add(id);
      const text = anew ? "The history of this conversation was begun anew." : "Older messages are no longer kept.";
      const seq = anew ? 0 : to;
      const author = { id: "", name: "" };
      const time = this.last?.time || 0;
      this.#insert({ key: id, kind: "gap", generation, seq, messageId: id, author, time, text, status: "sent" });
    }
  }

  /** One's own message on its way. @param {{messageId: string, text: string, author: Entry["author"], time: number}} fields */
  addPending(fields) {
    const generation = Math.max(0, this.#epochs.length - 1);
    const key = "mine:" + fields.messageId;
    this.pending = [...this.pending, { ...fields, key, kind: "message", generation, seq: Infinity, status: "pending" }];
  }

  /** @param {string} messageId @param {Partial<Entry>} fields */
  changePending(messageId, fields) {
    this.pending = this.pending.map((entry) => (entry.messageId === messageId ? { ...entry, ...fields } : entry));
  }

  /** @param {string} messageId */
  dropPending(messageId) {
    this.pending = this.pending.filter((entry) => entry.messageId !== messageId);
  }

  /** The hub has it: it takes its place, whether or not its echo came. @param {any} ack */
  settle(ack) {
    const entry = this.pending.find(({ messageId }) => messageId === ack.messageId);
    if (entry) {
      const { author, data, text } = entry;
      const from = { user: author.id, name: author.name };
      this.add({ ...ack, from, event: "message", data: data ?? { text } });
    }
  }

  /** Forgets the oldest where there are many; they can be had again. */
  trim() {
    if (this.entries.length > MOST) {
      this.entries.slice(0, -KEPT).forEach((entry) => this.#known.delete(`${entry.generation}:${entry.seq}`));
      this.entries = this.entries.slice(-KEPT);
      this.more = this.entries[0].generation === this.generation;
    }
  }

  get last() {
    return this.entries.at(-1);
  }

  /** The newest place in the log as it is now. */
  get head() {
    const last = this.entries.findLast((entry) => entry.generation === this.#epochs.length - 1);
    return last ? last.seq : 0;
  }

  /** Where the page before the oldest known entry ends, or undefined when none is known. */
  get before() {
    return this.entries.find((entry) => entry.generation === this.#epochs.length - 1 && entry.seq > 0)?.seq;
  }

  /** The generation of the log as it is now. */
  get generation() {
    return Math.max(0, this.#epochs.length - 1);
  }

  /** @param {string} epoch */
  #generation(epoch) {
    const index = this.#epochs.indexOf(epoch);
    return index >= 0 ? index : this.#epochs.push(epoch) - 1;
  }

  /** @param {Entry} entry */
  #insert(entry) {
    let at = this.entries.length;
    while (at > 0 && isAfter(this.entries[at - 1], entry)) {
      at--;
    }
    this.entries = [...this.entries.slice(0, at), entry, ...this.entries.slice(at)];
  }
}

/** Whether one stands after the other in the log. @param {Entry} one @param {Entry} other */
export function isAfter(one, other) {
  return one.generation === other.generation ? one.seq > other.seq : one.generation > other.generation;
}

/** @param {any} message @param {number} generation @param {string} key @returns {Entry} */
function entryOf(message, generation, key) {
  const { from, data, event, seq, messageId, time } = message;
  const author = from.service ? { id: from.service, name: from.service, service: true } : { id: from.user, name: from.name };
  const kind = event === "membership" ? "membership" : "message";
  return { key, kind, generation, seq, messageId, author, time, data, text: textOf(data), status: "sent" };
}

/** What a person reads of any data: its text, or the data itself. @param {any} data @returns {string} */
export function textOf(data) {
  if (typeof data === "string") {
    return data;
  }
  return typeof data?.text === "string" ? data.text : "```json\n" + JSON.stringify(data, null, 2) + "\n```";
}
