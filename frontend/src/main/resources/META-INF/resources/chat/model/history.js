// @ts-check
/** Brings pages of the past into conversations, and what else is known of them. */
import { Timeline } from "./timeline.js";

const PAGE = 50;
/** Members asked for, at most: for completion and the panel, not for counting. */
const MEMBERS = 200;

/** @typedef {import("./conversation.js").Conversation} Conversation */

export class History {
  #parley;
  #store;

  /** @param {import("../../client/parley.js").Parley} parley @param {import("./store.js").Store} store */
  constructor(parley, store) {
    this.#parley = parley;
    this.#store = store;
  }

  /** All conversations with their newest entries, or just one. @param {string=} group */
  async overview(group) {
    let after;
    let page;
    do {
      page = await this.#parley.conversations({ group, after, limit: 200 });
      page.conversations.forEach((/** @type {any} */ each) => this.#describe(each));
      after = page.conversations.at(-1)?.group;
      this.#store.changed();
    } while (page.more && after);
  }

  /** @param {any} described */
  #describe({ group, role, title, topic, read, unread, mentions, settings, last, other }) {
    const conversation = this.#store.conversations.get(group);
    if (!conversation) {
      return;
    }
    Object.assign(conversation, { described: true, role, named: title || "", topic: topic || "", settings: settings || {} });
    conversation.readSeq = Math.max(conversation.readSeq, read || 0);
    if (conversation.readSeq === (read || 0)) {
      Object.assign(conversation, { unread, mentions });
    }
    if (other) {
      this.#store.directory.learn(other.user, other.name);
      conversation.lastSeen = other.lastSeen;
      conversation.reads.set(other.user, Math.max(conversation.reads.get(other.user) || 0, other.read || 0));
      conversation.delivered = Math.max(conversation.delivered, other.delivered || 0);
    }
    if (conversation.timeline.entries.length === 0) {
      last.forEach((/** @type {any} */ message) => this.#learn(conversation, message, conversation.take(message)));
    }
  }

  /**
   * The newest page, and where that does not reach back to what is new, the page in which that begins.
   * @param {Conversation} conversation @param {boolean} atNew whether it is to be shown from there
   */
  async open(conversation, atNew = false) {
    const { timeline, loaded, newSince } = conversation;
    if (loaded === "loading" || (loaded === "yes" && !(atNew && lacks(timeline, newSince)))) {
      return;
    }
    conversation.loaded = "loading";
    this.#store.changed();
    try {
      if (loaded !== "yes") {
        const page = await this.#parley.history(conversation.channel, { limit: PAGE });
        this.#take(conversation, timeline, page);
        timeline.more = page.more;
      }
      if (newSince && atNew && lacks(timeline, newSince)) {
        const part = await this.#part(conversation, newSince.seq + 1);
        if (conversation.newSince === newSince) {
          this.#show(conversation, part);
        }
      }
      conversation.loaded = "yes";
    } catch {
      conversation.loaded = "failed";
    }
    this.#store.changed();
  }

  /** The page before what is shown. @param {Conversation} conversation @returns {Promise<void>} */
  async older(conversation) {
    const { shown } = conversation;
    if (conversation.loadingOlder || !shown.more || shown.before === undefined) {
      return;
    }
    conversation.loadingOlder = true;
    this.#store.changed();
    try {
      const page = await this.#parley.history(conversation.channel, { before: shown.before, limit: PAGE });
      this.#take(conversation, shown, page);
      shown.more = page.more;
    } catch {
      // Scrolling up asks again.
    }
    conversation.loadingOlder = false;
    this.#store.changed();
  }

  /** The page after a part of the past, until that reaches to the present. @param {Conversation} conversation @returns {Promise<void>} */
  async newer(conversation) {
    const { context } = conversation;
    if (!context || conversation.loadingNewer) {
      return;
    }
    conversation.loadingNewer = true;
    try {
      const page = await this.#parley.history(conversation.channel, { after: context.head, limit: PAGE });
      this.#take(conversation, context, page);
      if (conversation.context === context && (conversation.timeline.absorb(context) || !page.more)) {
        conversation.context = null;
      }
    } catch {
      // Scrolling down asks again.
    }
    conversation.loadingNewer = false;
    this.#store.changed();
  }

  /** Has the entry of this place shown, with what stands around it. @param {Conversation} conversation @param {number} seq @returns {Promise<boolean>} false when it is no longer kept */
  async around(conversation, seq) {
    const has = (/** @type {Timeline} */ timeline) =>
      timeline.entries.some((entry) => entry.seq === seq && entry.generation === timeline.generation);
    if (has(conversation.timeline)) {
      conversation.context = null;
      return true;
    }
    const part = await this.#part(conversation, seq);
    if (!has(part)) {
      return false;
    }
    this.#show(conversation, part);
    this.#store.changed();
    return true;
  }

  /** What stands around a place. @param {Conversation} conversation @param {number} seq */
  async #part(conversation, seq) {
    const part = new Timeline();
    const page = await this.#parley.history(conversation.channel, { before: seq + PAGE / 2, limit: PAGE });
    this.#take(conversation, part, page);
    part.more = page.more;
    return part;
  }

  /** A part of the past: with the present where they meet, else by itself. @param {Conversation} conversation @param {Timeline} part */
  #show(conversation, part) {
    conversation.context = conversation.timeline.absorb(part) ? null : part;
  }

  /** Who is here. @param {Conversation} conversation */
  async people(conversation) {
    try {
      const { users, count, away = [] } = /** @type {any} */ (await this.#parley.presence(conversation.group));
      conversation.online = new Map(users.map((/** @type {any} */ { user, name }) => [user, { user, name }]));
      conversation.onlineCount = count;
      [...users, ...away].forEach(({ user, name, lastSeen }) => this.#store.directory.learn(user, name, lastSeen));
      this.#store.changed();
    } catch {
      // Asked again at the next opening or reconnect.
    }
  }

  /** Who belongs here, and how far they have read. @param {Conversation} conversation */
  async members(conversation) {
    const { group } = conversation;
    const [members, positions] = await Promise.allSettled([
      conversation.roster ? Promise.resolve(null) : this.#parley.members(group, { limit: MEMBERS }),
      this.#parley.receipts(group),
    ]);
    if (members.status === "fulfilled" && members.value) {
      members.value.members.forEach((/** @type {any} */ { user, name }) => this.#store.directory.learn(user, name));
      conversation.roster = new Map(members.value.members.map((/** @type {any} */ each) => [each.user, each]));
    }
    if (positions.status === "fulfilled") {
      for (const { user, read, delivered } of positions.value) {
        if (user !== conversation.me) {
          conversation.reads.set(user, Math.max(conversation.reads.get(user) || 0, read || 0));
          conversation.delivered = Math.max(conversation.delivered, delivered || 0);
        }
      }
    }
    this.#store.changed();
  }

  /** @param {Conversation} conversation @param {Timeline} timeline @param {{messages: any[]}} page */
  #take(conversation, timeline, { messages }) {
    for (const message of messages) {
      this.#learn(conversation, message, timeline.add(message));
    }
  }

  /** @param {Conversation} conversation @param {any} message @param {import("./timeline.js").Entry | null} entry */
  #learn(conversation, message, entry) {
    if (entry) {
      conversation.note(entry);
      this.#store.directory.learnFrom(message);
    }
  }
}

/** Whether something new lies before all that is known. @param {Timeline} timeline @param {Conversation["newSince"]} newSince */
function lacks({ before, generation, more }, newSince) {
  return newSince?.generation === generation && more && before !== undefined && before > newSince.seq + 1;
}
