// @ts-check
import { groupTitle, otherOf } from "./names.js";
import { isAfter, Timeline } from "./timeline.js";

/** How long somebody who was typing counts as typing, in milliseconds. */
const TYPING_LASTS = 5_000;

/** @typedef {{user: string, name: string, role?: string, lastSeen?: number}} Person */

/** A group as one of its members sees it. Changed by the hub's glue only, shown by the views. */
export class Conversation {
  timeline = new Timeline();
  /** A part of the past that was jumped to, while it does not reach to the present. @type {Timeline | null} */
  context = null;
  /** @type {"no" | "loading" | "yes" | "failed"} */
  loaded = "no";
  loadingOlder = false;
  loadingNewer = false;
  /** Up to where this user has read. */
  readSeq = 0;
  /** What counts and was not read, as the hub has it, up to 100. */
  unread = 0;
  /** Those among them that mention this user. */
  mentions = 0;
  /** Kept by the hub for this user, on all devices. @type {{muted?: boolean, unreadFrom?: number}} */
  settings = {};
  /** Marked as unread a moment ago, so being looked at does not count as reading. */
  keptUnread = false;
  /** Where the line "new" stands while the conversation is open. @type {{generation: number, seq: number} | null} */
  newSince = null;
  /** Opened here, so shown even when nothing was said. */
  openedHere = false;
  role = "member";
  /** Whether the hub has said how much of it is unread, and what it is called. */
  described = false;
  /** The title that somebody gave it. */
  named = "";
  topic = "";
  /** Who is here, by id. @type {Map<string, Person>} */
  online = new Map();
  /** @type {number} */
  onlineCount = 0;
  /** Who belongs here, once asked for. @type {Map<string, Person> | null} */
  roster = null;
  /** When the other one of a direct conversation was last here. @type {number | undefined} */
  lastSeen;
  /** The last that the log told of each one's membership. @type {Map<string, import("./timeline.js").Entry>} */
  #memberships = new Map();
  /** @type {Map<string, {name: string, until: number}>} */
  typing = new Map();
  /** Who came or went a moment ago. @type {{text: string, until: number} | null} */
  passing = null;
  /** Up to where others have read. @type {Map<string, number>} */
  reads = new Map();
  /** Up to where the other one of a direct conversation has got it. */
  delivered = 0;
  /** What is being written is about this message. @type {{kind: "reply" | "edit", entry: import("./timeline.js").Entry} | null} */
  about = null;

  /** @param {string} group @param {string} me */
  constructor(group, me) {
    this.group = group;
    this.channel = "group/" + group;
    this.me = me;
    this.other = otherOf(group, me);
    this.to = { group };
  }

  /** @param {import("./names.js").Directory} directory */
  title(directory) {
    return this.other ? directory.name(this.other) : this.named || groupTitle(this.group);
  }

  /** What is on the screen: the present, or the part of the past that was jumped to. */
  get shown() {
    return this.context || this.timeline;
  }

  get manages() {
    return !this.other && (this.role === "owner" || this.role === "moderator");
  }

  /** The last thing said. */
  get lastMessage() {
    return this.timeline.pending.at(-1) || this.timeline.entries.findLast((entry) => entry.kind === "message" && !entry.deleted);
  }

  /** For sorting: when something happened last. */
  get lastTime() {
    return (this.lastMessage || this.timeline.last)?.time || 0;
  }

  /** An empty direct conversation that somebody else opened is no news. */
  get visible() {
    return !this.other || this.openedHere || Boolean(this.lastMessage);
  }

  /** Whether the list shows it as unread: something is, or it was marked so. */
  get news() {
    return this.unread > 0 || this.settings.unreadFrom !== undefined;
  }

  /** Takes a message in, live or of the past. @param {any} message @returns {import("./timeline.js").Entry | null} null if it was known */
  take(message) {
    const entry = message.seq === undefined ? null : this.timeline.add(message);
    if (entry) {
      this.note(entry);
      if (entry.kind === "fold") {
        this.context?.add(message);
      }
    }
    return entry;
  }

  /** Takes in what an entry tells of who belongs here; pages of the past come in any order. @param {import("./timeline.js").Entry} entry */
  note(entry) {
    const user = entry.kind === "membership" ? entry.data.user : entry.author.service ? null : entry.author.id;
    const known = user && this.#memberships.get(user);
    if (user && (!known || isAfter(entry, known))) {
      this.#memberships.set(user, entry);
      this.#enroll(entry, user);
    }
  }

  /** @param {import("./timeline.js").Entry} entry @param {string} user */
  #enroll({ kind, data, author }, user) {
    if (this.roster && kind === "membership") {
      if (data.state === "removed") {
        this.roster.delete(user);
      } else {
        this.roster.set(user, { ...this.roster.get(user), user, name: data.name || author.name, role: data.role });
      }
    }
  }

  /** Who belongs here: all, once asked for, else as far as the known part of the log tells. @returns {string[]} */
  get members() {
    if (this.other) {
      return [this.me, this.other];
    }
    if (this.roster) {
      return [...this.roster.keys()];
    }
    const known = [...this.#memberships].filter(([, entry]) => entry.data?.state !== "removed").map(([user]) => user);
    return [...new Set([...known, ...this.online.keys()])];
  }

  /** @param {string} user */
  isOnline(user) {
    return this.online.has(user);
  }

  /** @param {string} user @param {string} name @param {boolean} active @param {number} now */
  setTyping(user, name, active, now) {
    this.typing.delete(user);
    if (active) {
      this.typing.set(user, { name, until: now + TYPING_LASTS });
    }
  }

  /** Forgets what was true only for a moment. @param {number} now @returns {boolean} whether anything changed */
  prune(now) {
    const before = this.typing.size;
    const passed = this.passing !== null && this.passing.until <= now;
    if (passed) {
      this.passing = null;
    }
    for (const [user, { until }] of this.typing) {
      if (until <= now) {
        this.typing.delete(user);
      }
    }
    return passed || this.typing.size !== before;
  }

  /** How many others have read one's own entry. @param {import("./timeline.js").Entry} entry */
  readers(entry) {
    return entry.generation === this.timeline.generation ? [...this.reads.values()].filter((seq) => seq >= entry.seq).length : 0;
  }

  /** @param {import("./timeline.js").Entry} entry */
  wasDelivered(entry) {
    return Boolean(this.other) && this.delivered >= entry.seq;
  }

  /** Whether an entry is news to this user, by the hub's own rule. @param {import("./timeline.js").Entry} entry */
  counts(entry) {
    return entry.kind === "message" && !entry.deleted && entry.author.id !== this.me;
  }
}
