// @ts-check
import { groupTitle, otherOf } from "./names.js";
import { isAfter, Timeline } from "./timeline.js";

/** How long somebody who was typing counts as typing, in milliseconds. */
const TYPING_LASTS = 5_000;

/** A group as one of its members sees it. Changed by the hub's glue only, shown by the views. */
export class Conversation {
  timeline = new Timeline();
  /** @type {"no" | "loading" | "yes" | "failed"} */
  loaded = "no";
  loadingOlder = false;
  /** Up to where this user has read. */
  readSeq = 0;
  /** Where the line "new" stands while the conversation is open. @type {{generation: number, seq: number} | null} */
  newSince = null;
  /** Opened here, so shown even when nothing was said. */
  openedHere = false;
  role = "member";
  /** Who is here, by id. @type {Map<string, {user: string, name: string}>} */
  online = new Map();
  /** @type {number} */
  onlineCount = 0;
  /** The last that the log told of each one's membership. @type {Map<string, import("./timeline.js").Entry>} */
  #memberships = new Map();
  /** @type {Map<string, {name: string, until: number}>} */
  typing = new Map();
  /** Who came or went a moment ago. @type {{text: string, until: number} | null} */
  passing = null;
  /** Up to where others have read. @type {Map<string, number>} */
  reads = new Map();

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
    return this.other ? directory.name(this.other) : groupTitle(this.group);
  }

  /** Messages of others that were not read: how many, of those known. */
  get unread() {
    const { entries, generation } = this.timeline;
    return entries.filter((entry) => entry.generation === generation && entry.seq > this.readSeq && this.#counts(entry)).length;
  }

  /** Whether there may be more unread ones than are known. */
  get unreadIsLowerBound() {
    const first = this.timeline.before;
    return this.timeline.more && first !== undefined && first > this.readSeq + 1;
  }

  /** The last thing said. */
  get lastMessage() {
    return this.timeline.pending.at(-1) || this.timeline.entries.findLast((entry) => entry.kind === "message");
  }

  /** For sorting: when something happened last. */
  get lastTime() {
    return (this.lastMessage || this.timeline.last)?.time || 0;
  }

  /** An empty direct conversation that somebody else opened is no news. */
  get visible() {
    return !this.other || this.openedHere || Boolean(this.lastMessage) || this.loaded === "no";
  }

  /** Takes in what an entry tells of who belongs here; pages of the past come in any order. @param {import("./timeline.js").Entry} entry */
  note(entry) {
    const user = entry.kind === "membership" ? entry.data.user : entry.author.service ? null : entry.author.id;
    const known = user && this.#memberships.get(user);
    if (user && (!known || isAfter(entry, known))) {
      this.#memberships.set(user, entry);
    }
  }

  /** Who belongs here, as far as the known part of the log tells: who was added, or spoke, and did not go. */
  get members() {
    const members = [...this.#memberships].filter(([, entry]) => entry.data?.state !== "removed").map(([user]) => user);
    return this.other ? [this.me, this.other] : members;
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

  /** How far one's own entry got. @param {import("./timeline.js").Entry} entry */
  wasRead(entry) {
    return Boolean(this.other) && (this.reads.get(/** @type {string} */ (this.other)) || 0) >= entry.seq;
  }

  /** @param {import("./timeline.js").Entry} entry */
  #counts(entry) {
    return entry.kind === "message" && entry.author.id !== this.me;
  }
}
