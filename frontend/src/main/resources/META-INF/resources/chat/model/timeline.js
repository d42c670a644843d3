// @ts-check
/**
 * One conversation's entries as this client knows them: those of the log in its order, then one's own that are still
 * on their way. Entries are never changed, only replaced, so that a view can tell by identity what is new. Edits,
 * deletions and reactions are entries too; they are folded into the message that they are about.
 */

/** @typedef {{emoji: string, users: string[]}} Reaction */
/**
 * @typedef {{
 *   key: string, kind: "message" | "membership" | "group" | "fold" | "gap", generation: number, seq: number, messageId: string,
 *   author: {id: string, name: string, service?: boolean}, time: number, text: string, data?: any,
 *   status: "sent" | "pending" | "failed", reason?: string, replyTo?: string, mentions?: string[],
 *   edited?: boolean, deleted?: boolean, reactions?: Reaction[], said?: string
 * }} Entry
 */
/** @typedef {{messageId: string, kind: "edit" | "delete" | "reaction", generation: number, seq: number, user: string, data: any}} Fold */

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
  /** What later entries say of a message, by its id and theirs. @type {Map<string, Map<string, Fold>>} */
  #folds = new Map();

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
    if (entry.kind === "fold") {
      this.fold(message.ref.messageId, { ...foldOf(message), generation, seq: entry.seq });
    }
    this.#insert(this.#folded(entry));
    return entry;
  }

  /** Changes what is shown of a message, known or not yet. @param {string} target @param {Fold} fold */
  fold(target, fold) {
    const folds = this.#folds.get(target) || new Map();
    this.#folds.set(target, folds.set(fold.messageId, fold));
    this.#refold(target);
  }

  /** What was folded in advance did not come about. @param {string} target @param {string} messageId of the fold */
  unfold(target, messageId) {
    this.#folds.get(target)?.delete(messageId);
    this.#refold(target);
  }

  /** @param {string} messageId */
  byId(messageId) {
    return this.entries.find((entry) => entry.messageId === messageId && entry.kind === "message");
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
      const text = anew ? "anew" : "expired";
      const seq = anew ? 0 : to;
      const author = { id: "", name: "" };
      const time = this.last?.time || 0;
      this.#insert({ key: id, kind: "gap", generation, seq, messageId: id, author, time, text, status: "sent" });
    }
  }

  /**
   * One's own message on its way.
   * @param {{messageId: string, text: string, author: Entry["author"], time: number, replyTo?: string, mentions?: string[]}} fields
   */
  addPending(fields) {
    const generation = Math.max(0, this.#epochs.length - 1);
    const key = "mine:" + fields.messageId;
    const status = /** @type {const} */ ("pending");
    this.pending = [...this.pending, { ...fields, key, kind: "message", generation, seq: Infinity, status }];
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
      const { author, data, text, replyTo, mentions } = entry;
      const from = { user: author.id, name: author.name };
      const ref = replyTo ? { messageId: replyTo, kind: "reply" } : undefined;
      this.add({ ...ack, from, event: "message", data: data ?? { text }, ref, mentions });
    }
  }

  /** Forgets the oldest where there are many; they can be had again. */
  trim() {
    if (this.entries.length > MOST) {
      this.entries.slice(0, -KEPT).forEach((entry) => this.#known.delete(`${entry.generation}:${entry.seq}`));
      this.entries = this.entries.slice(-KEPT);
      this.more = this.entries[0].generation === this.generation;
      const shown = new Set(this.entries.map(({ messageId }) => messageId));
      [...this.#folds.keys()].filter((target) => !shown.has(target)).forEach((target) => this.#folds.delete(target));
    }
  }

  /**
   * Takes in a part of the same log that was read apart from it, and now reaches to it.
   * @param {Timeline} part @returns {boolean} false if there is a hole between the two
   */
  absorb(part) {
    const before = this.before;
    if (this.#epochs.length !== 1 || part.epoch !== this.epoch || (before !== undefined && part.head < before - 1)) {
      return false;
    }
    for (const [target, folds] of part.#folds) {
      folds.forEach((fold) => this.fold(target, fold));
    }
    for (const entry of part.entries) {
      const id = `0:${entry.seq}`;
      if (!this.#known.has(id)) {
        this.#known.add(id);
        this.#insert(this.#folded({ ...entry, text: entry.said ?? entry.text }));
      }
    }
    this.more = part.more;
    return true;
  }

  get last() {
    return this.entries.at(-1);
  }

  get epoch() {
    return this.#epochs.at(-1);
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

  /** @param {string} target */
  #refold(target) {
    if (this.entries.some(({ messageId }) => messageId === target)) {
      this.entries = this.entries.map((entry) => (entry.messageId === target ? this.#folded(entry) : entry));
    }
  }

  /** The entry with all that was said of it later. @param {Entry} entry @returns {Entry} */
  #folded(entry) {
    const folds = this.#folds.get(entry.messageId);
    if (!folds || entry.kind !== "message") {
      return entry;
    }
    const said = entry.said ?? entry.text;
    const inOrder = [...folds.values()].sort((one, other) => (isAfter(one, other) ? 1 : -1));
    const edit = inOrder.findLast(({ kind }) => kind === "edit");
    const deleted = inOrder.some(({ kind }) => kind === "delete");
    const text = deleted ? "" : edit ? textOf(edit.data) : said;
    return { ...entry, said, text, edited: Boolean(edit), deleted, reactions: deleted ? [] : reactionsOf(inOrder) };
  }
}

/** Whether one stands after the other in the log. @param {{generation: number, seq: number}} one @param {{generation: number, seq: number}} other */
export function isAfter(one, other) {
  return one.generation === other.generation ? one.seq > other.seq : one.generation > other.generation;
}

/** @param {Fold[]} folds in order @returns {Reaction[]} in the order in which they were first made */
function reactionsOf(folds) {
  /** @type {Map<string, Set<string>>} */
  const all = new Map();
  for (const { kind, user, data } of folds) {
    const emoji = kind === "reaction" && typeof data?.emoji === "string" ? data.emoji.slice(0, 16) : "";
    if (emoji) {
      const users = all.get(emoji) || new Set();
      data.off ? users.delete(user) : users.add(user);
      all.set(emoji, users);
    }
  }
  return [...all].filter(([, users]) => users.size).map(([emoji, users]) => ({ emoji, users: [...users] }));
}

/** @param {any} message @returns {Fold} */
function foldOf({ messageId, ref, from, data }) {
  return { messageId, kind: ref.kind, user: from.user || from.service, data, generation: 0, seq: 0 };
}

const FOLDS = new Set(["edit", "delete", "reaction"]);

/** @param {any} message @param {number} generation @param {string} key @returns {Entry} */
function entryOf(message, generation, key) {
  const { from, data, event, seq, messageId, time, ref, mentions } = message;
  const author = from.service ? { id: from.service, name: from.service, service: true } : { id: from.user, name: from.name };
  const kind = event === "membership" || event === "group" ? event : FOLDS.has(ref?.kind) ? "fold" : "message";
  const replyTo = ref?.kind === "reply" ? ref.messageId : undefined;
  return { key, kind, generation, seq, messageId, author, time, data, text: textOf(data), status: "sent", replyTo, mentions };
}

/** What a person reads of any data: its text, or the data itself. @param {any} data @returns {string} */
export function textOf(data) {
  if (typeof data === "string") {
    return data;
  }
  return typeof data?.text === "string" ? data.text : "```json\n" + JSON.stringify(data, null, 2) + "\n```";
}
