// @ts-check
import { Parley } from "../../client/parley.js";
import { t } from "../words/words.js";
import { inWords } from "./errors.js";
import { History } from "./history.js";
import { Incoming } from "./incoming.js";
import { directGroup, LOBBY } from "./names.js";
import { Notifier } from "./notifier.js";
import { Sending } from "./sending.js";
import { Tabs } from "./tabs.js";

/** Others are told of typing at most this often, in milliseconds. */
const TYPING_EACH = 3_000;
/** Reading is told at most this often, in milliseconds. */
const READ_EACH = 700;

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./timeline.js").Entry} Entry */

/** What a person can do, and the connection it is done over. The views call it; what comes in goes to the store. */
export class Hub {
  #parley;
  #store;
  #history;
  #sending;
  #typedAt = 0;
  /** @type {Set<Conversation>} */
  #readingSoon = new Set();
  /** What was read in the last moment before the page goes is not new when it comes back. */
  #tellAllRead = () => this.#readingSoon.forEach((conversation) => this.#tellRead(conversation));

  /**
   * @param {import("./store.js").Store} store
   * @param {string} token
   * @param {() => void} onRefused the token is no longer good
   */
  constructor(store, token, onRefused) {
    const url = `${location.origin.replace(/^http/, "ws")}/v1/connect`;
    const getToken = (/** @type {string} */ reason) => {
      if (reason === "rejected") {
        this.stop();
        onRefused();
      }
      return reason === "expiring" ? null : token; // A guest's token can't be renewed.
    };
    const tabs = new Tabs(store.me.id);
    const notifier = new Notifier(store, tabs);
    this.#store = store;
    this.#parley = new Parley(url, { getToken, client: { name: "parley-chat", version: "1" } });
    this.#history = new History(this.#parley, store);
    this.#sending = new Sending(this.#parley, store, tabs);
    new Incoming(this.#parley, store, this.#history, () => this.#enterLobby(), (conversation, entry) => notifier.tell(conversation, entry));
  }

  start() {
    addEventListener("pagehide", this.#tellAllRead);
    this.#sending.begin();
    this.tryNow();
  }

  stop() {
    removeEventListener("pagehide", this.#tellAllRead);
    this.#tellAllRead();
    this.#parley.disconnect();
    this.#sending.end();
  }

  /** Tries now, whatever pause was planned. */
  tryNow() {
    this.#parley.connect().catch(() => {}); // The banner tells, from the state.
  }

  /** @param {string | null} group @param {number=} seq the message to go to */
  select(group, seq) {
    const store = this.#store;
    const other = store.selected !== group;
    if (other) {
      if (store.current) {
        Object.assign(store.current, { newSince: null, context: null, keptUnread: false });
      }
      store.selected = group;
    }
    const { current } = store;
    if (current) {
      const { timeline, readSeq, unread, settings } = current;
      const from = settings.unreadFrom !== undefined ? Math.min(settings.unreadFrom - 1, readSeq) : readSeq;
      if (!current.keptUnread) {
        current.newSince = unread || settings.unreadFrom !== undefined ? { generation: timeline.generation, seq: from } : null;
        if (settings.unreadFrom !== undefined) {
          this.#set(current, { unreadFrom: undefined });
        }
      }
      this.#history.open(current, !seq && (other || current.loaded === "no"));
      this.#history.people(current);
      this.#history.members(current);
      if (seq) {
        this.jump(current, seq);
      }
    }
    store.changed();
  }

  /** @param {Conversation} conversation @param {string} text @param {string[]} mentions of users */
  send(conversation, text, mentions) {
    this.#typedAt = 0;
    const { about } = conversation;
    conversation.about = null;
    conversation.context = null; // Whoever writes wants to see it.
    const ref = about?.kind === "reply" ? { messageId: about.entry.messageId, kind: about.kind } : undefined;
    this.#sending.send(conversation, text, { mentions, ref });
  }

  /** @param {Conversation} conversation @param {Entry} entry @param {string} text */
  edit(conversation, entry, text) {
    conversation.about = null;
    if (text !== entry.text) {
      this.#sending.send(conversation, text, { ref: { messageId: entry.messageId, kind: "edit" } });
    }
    this.#store.changed();
  }

  /** @param {Conversation} conversation @param {Entry} entry */
  delete(conversation, entry) {
    this.#sending.send(conversation, "", { ref: { messageId: entry.messageId, kind: "delete" } });
  }

  /** Adds one's reaction, or takes it back. @param {Conversation} conversation @param {Entry} entry @param {string} emoji */
  react(conversation, entry, emoji) {
    const made = entry.reactions?.find((reaction) => reaction.emoji === emoji)?.users.includes(this.#store.me.id);
    const data = made ? { emoji, off: true } : { emoji };
    this.#sending.send(conversation, "", { data, ref: { messageId: entry.messageId, kind: "reaction" } });
  }

  /** @param {Conversation} conversation @param {Entry} entry */
  retry(conversation, entry) {
    this.#sending.retry(conversation, entry);
  }

  /** @param {Conversation} conversation @param {Entry} entry */
  discard(conversation, entry) {
    this.#sending.discard(conversation, entry);
  }

  /** What is written from now on is about this message. @param {Conversation} conversation @param {Conversation["about"]} about */
  about(conversation, about) {
    conversation.about = about;
    this.#store.changed();
  }

  /** @param {Conversation} conversation */
  loadOlder(conversation) {
    return this.#history.older(conversation);
  }

  /** @param {Conversation} conversation */
  loadNewer(conversation) {
    return this.#history.newer(conversation);
  }

  /** @param {Conversation} conversation */
  reload(conversation) {
    return this.#history.open(conversation);
  }

  /** Leaves the past that was jumped to. @param {Conversation} conversation */
  toPresent(conversation) {
    conversation.context = null;
    this.#store.changed();
  }

  /** Shows a message in the midst of what was said around it. @param {Conversation} conversation @param {number} seq */
  async jump(conversation, seq) {
    try {
      await this.#history.open(conversation);
      if (await this.#history.around(conversation, seq)) {
        this.#store.target = { group: conversation.group, seq, at: Date.now() };
      } else {
        this.#store.toast(t("error.notFound"));
      }
    } catch (error) {
      this.#store.toast(inWords(error), "error");
    }
    this.#store.changed();
  }

  /**
   * Messages with a text, the newest first. The hub looks at so many at a time, so it is asked again until there are some.
   * @param {Conversation} conversation @param {string} text @returns {Promise<{messages: any[], more: boolean}>}
   */
  async search(conversation, text) {
    const { channel } = conversation;
    /** @type {any[]} */
    let messages = [];
    let before;
    let more = true;
    while (more && messages.length < 20) {
      const found = await this.#parley.search(channel, text, { limit: 50, before });
      messages = [...found.messages, ...messages];
      more = found.more && found.before !== undefined;
      before = found.before;
    }
    messages.forEach((message) => this.#store.directory.learnFrom(message));
    return { messages: messages.reverse(), more };
  }

  /** Creates the group, or joins the one that is there. @param {string} group @param {string=} title where the name on the wire is not all of it @returns {Promise<Conversation>} */
  async join(group, title) {
    const ack = /** @type {any} */ (await this.#parley.join(group));
    const conversation = this.#store.conversation(group);
    const fresh = conversation.loaded === "no";
    conversation.described = true;
    conversation.role = ack.role || "member";
    conversation.named = ack.title || conversation.named;
    conversation.topic = ack.topic || conversation.topic;
    if (fresh && !conversation.other) {
      conversation.readSeq = ack.seq; // What was said before one came is no news.
    }
    if (title && !conversation.named && conversation.role === "owner") {
      await this.describe(conversation, title, "").catch(() => {}); // It can be named later.
    }
    this.#store.changed();
    this.#history.open(conversation);
    this.#history.people(conversation);
    if (conversation === this.#store.current) {
      this.#history.members(conversation); // What is opened later asks then.
    }
    return conversation;
  }

  /** @param {Conversation} conversation @param {string} title @param {string} topic */
  async describe(conversation, title, topic) {
    await this.#parley.describe(conversation.group, { title, topic });
    Object.assign(conversation, { named: title, topic });
    this.#store.changed();
  }

  /** @param {Conversation} conversation @param {string} user */
  addPerson(conversation, user) {
    return this.#parley.putMember(conversation.group, user);
  }

  /** @param {Conversation} conversation @param {string} user @param {"member" | "moderator" | "owner"} role */
  changeRole(conversation, user, role) {
    return this.#parley.putMember(conversation.group, user, role);
  }

  /** @param {Conversation} conversation @param {string} user */
  removePerson(conversation, user) {
    return this.#parley.removeMember(conversation.group, user);
  }

  /** @param {string} user @returns {Promise<string>} the direct conversation's group */
  async openDirect(user) {
    const group = directGroup(this.#store.me.id, user);
    if (!this.#store.conversations.has(group)) {
      await this.join(group);
    }
    const conversation = this.#store.conversation(group);
    conversation.openedHere = true;
    this.#store.changed();
    return group;
  }

  /** @param {Conversation} conversation */
  async leave(conversation) {
    await this.#parley.leave(conversation.group);
    this.#store.conversations.delete(conversation.group);
    this.#store.changed();
  }

  /** @param {Conversation} conversation @param {boolean} muted */
  mute(conversation, muted) {
    this.#set(conversation, { muted: muted || undefined });
  }

  /** From a message on, until it is opened again; on all devices. @param {Conversation} conversation @param {Entry=} entry else the last one */
  markUnread(conversation, entry) {
    const from = entry || conversation.timeline.entries.findLast((each) => conversation.counts(each));
    if (from) {
      conversation.keptUnread = conversation === this.#store.current;
      conversation.newSince = { generation: from.generation, seq: from.seq - 1 };
      this.#set(conversation, { unreadFrom: from.seq });
    }
  }

  /** @param {Conversation} conversation @param {Conversation["settings"]} changes */
  #set(conversation, changes) {
    conversation.settings = JSON.parse(JSON.stringify({ ...conversation.settings, ...changes }));
    this.#store.changed();
    const { group, settings } = conversation;
    this.#parley.settings(group, settings).catch((error) => this.#store.toast(inWords(error), "error"));
  }

  /** @param {Conversation} conversation */
  typing(conversation) {
    const now = Date.now();
    if (now - this.#typedAt >= TYPING_EACH) {
      this.#typedAt = now;
      this.#parley.typing(conversation.to, true);
    }
  }

  /** Everything in it is on the screen, and somebody looks. @param {Conversation} conversation */
  markRead(conversation) {
    const { head } = conversation.timeline;
    conversation.timeline.trim(); // Nobody looks at the past right now.
    if (head <= conversation.readSeq) {
      return;
    }
    Object.assign(conversation, { readSeq: head, unread: 0, mentions: 0 });
    this.#store.changed();
    if (!this.#readingSoon.has(conversation)) {
      this.#readingSoon.add(conversation);
      setTimeout(() => this.#tellRead(conversation), READ_EACH);
    }
  }

  /** @param {Conversation} conversation */
  #tellRead(conversation) {
    if (this.#readingSoon.delete(conversation)) {
      this.#parley.read(conversation.channel, conversation.readSeq).catch(() => {}); // The next reading says more.
    }
  }

  async #enterLobby() {
    this.#store.entering = true;
    try {
      await this.join(LOBBY);
    } catch (error) {
      if (/** @type {any} */ (error).code !== "disconnected") {
        this.#store.toast(inWords(error), "error", t("error.lobby"));
      }
    }
    this.#store.entering = false;
    this.#store.changed();
  }
}
