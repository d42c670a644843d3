// @ts-check
import { t } from "../words/words.js";
import { LOBBY } from "./names.js";
import { plainText } from "./plain-text.js";
import { textOf } from "./timeline.js";

/** @typedef {import("../../client/parley.js").Parley} Parley */
/** @typedef {import("./conversation.js").Conversation} Conversation */

/** The hub counts no further. */
const MOST_UNREAD = 100;

/** Takes what the hub tells into the store. */
export class Incoming {
  #store;
  #history;
  #enterLobby;
  #onNews;
  /** Whether what comes is news, rather than what was missed. */
  #live = false;

  /**
   * @param {Parley} parley
   * @param {import("./store.js").Store} store
   * @param {import("./history.js").History} history
   * @param {() => void} enterLobby called when this user does not belong to the lobby yet
   * @param {(conversation: Conversation, entry: import("./timeline.js").Entry) => void} onNews called for each message of somebody else that has just been said
   */
  constructor(parley, store, history, enterLobby, onNews = () => {}) {
    this.#store = store;
    this.#history = history;
    this.#enterLobby = enterLobby;
    this.#onNews = onNews;
    parley.on("state", (change) => this.#state(change));
    parley.on("message", (message) => this.#message(message));
    parley.on("gap", (gap) => this.#gap(gap));
    parley.on("presence", (presence) => this.#presence(presence));
    parley.on("typing", (typing) => this.#typing(typing));
    parley.on("receipt", (receipt) => this.#receipt(receipt));
    parley.on("settings", (/** @type {any} */ settings) => this.#settings(settings));
    parley.on("membership", (membership) => this.#membership(membership));
    parley.on("synced", () => (this.#live = true));
  }

  /** @param {import("../../client/parley.js").StateChange} change */
  #state({ state, welcome, retryAt, code }) {
    const { link } = this.#store;
    const since = state === "connecting" && link.state === "connecting" ? link.since : Date.now();
    this.#store.link = { state, since, retryAt, code: code ?? (state === "connecting" ? link.code : undefined), welcomed: link.welcomed || Boolean(welcome) };
    this.#live = false;
    if (welcome) {
      this.#welcome(welcome);
    }
    this.#store.changed();
  }

  /** @param {import("../../client/parley.js").Welcome} welcome */
  #welcome({ channels, user }) {
    const store = this.#store;
    store.me = user;
    store.directory.learn(user.id, user.name);
    const followed = channels.filter(({ channel, error }) => channel.startsWith("group/") && !error);
    const groups = new Set(followed.map(({ channel }) => channel.slice(6)));
    for (const [group, conversation] of store.conversations) {
      if (!groups.has(group)) {
        this.#lost(conversation);
      }
    }
    for (const { channel, read, role } of followed) {
      const conversation = store.conversation(channel.slice(6));
      conversation.role = role || conversation.role;
      conversation.readSeq = Math.max(conversation.readSeq, read || 0);
      conversation.typing.clear();
      if (conversation.loaded !== "no" || conversation.other) {
        this.#history.people(conversation);
      }
      if (conversation === store.current && conversation.loaded !== "no") {
        this.#history.members(conversation); // Nobody tells again what was read meanwhile.
      }
    }
    // Without it the list has names and no more; what is opened brings its own.
    this.#history.overview().catch(() => {
      followed.forEach(({ channel }) => (store.conversation(channel.slice(6)).described = true));
      store.changed();
    });
    if (!groups.has(LOBBY)) {
      this.#enterLobby();
    }
  }

  /**
   * Left elsewhere or removed while away, or the hub has lost all it kept. What somebody wrote may not be lost with it,
   * and to the lobby one comes back.
   * @param {Conversation} conversation
   */
  #lost(conversation) {
    if (conversation.group === LOBBY) {
      conversation.loaded = "no";
    } else if (!conversation.timeline.pending.length) {
      this.#store.conversations.delete(conversation.group);
    }
  }

  /** @param {any} message */
  #message(message) {
    const store = this.#store;
    const { channel, from } = message;
    store.directory.learnFrom(message);
    const conversation = channel.startsWith("group/") && store.conversations.get(channel.slice(6));
    if (conversation) {
      this.#entry(conversation, message);
    } else if ((channel === "all" || channel === "user/" + store.me.id) && message.event === "message" && this.#live) {
      const name = from.name || from.service;
      store.toast(textOf(message.data), "info", channel === "all" ? t("app.toEveryone", { name }) : t("app.toYou", { name }));
    }
    store.changed();
  }

  /** @param {Conversation} conversation @param {any} message */
  #entry(conversation, message) {
    const { from, data } = message;
    const entry = conversation.take(message);
    if (entry?.kind === "group") {
      Object.assign(conversation, { named: data?.title || "", topic: data?.topic || "" });
    }
    if (!entry || entry.kind === "membership" || entry.kind === "group") {
      return;
    }
    if (message.ref?.kind === "delete" && conversation.about?.entry.messageId === message.ref.messageId) {
      conversation.about = null;
      if (from.user !== this.#store.me.id) {
        this.#store.toast(t("write.gone"));
      }
    }
    conversation.typing.delete(from.user);
    if (conversation.counts(entry) && entry.seq > conversation.readSeq) {
      conversation.unread = Math.min(MOST_UNREAD, conversation.unread + 1);
      conversation.mentions += entry.mentions?.includes(this.#store.me.id) ? 1 : 0;
    }
    if (this.#store.current !== conversation) {
      conversation.timeline.trim();
    } else if (!document.hasFocus() && conversation.unread === 1) {
      conversation.newSince = { generation: entry.generation, seq: entry.seq - 1 };
    }
    if (this.#live && conversation.counts(entry)) {
      this.#tell(conversation, entry);
    }
  }

  /** @param {Conversation} conversation @param {import("./timeline.js").Entry} entry */
  #tell(conversation, entry) {
    const said = { name: entry.author.name, text: plainText(entry.text.slice(0, 200)) };
    const here = this.#store.current === conversation;
    if (here || !conversation.settings.muted) {
      this.#store.announce(here ? t("status.said", said) : t("status.saidIn", { ...said, where: conversation.title(this.#store.directory) }));
    }
    this.#onNews(conversation, entry);
  }

  /** @param {any} gap */
  #gap(gap) {
    const conversation = this.#store.conversations.get(gap.channel.slice(6));
    if (conversation) {
      conversation.timeline.addGap(gap);
      if (gap.reason === "epoch") {
        Object.assign(conversation, { readSeq: 0, unread: 0, mentions: 0, newSince: null, context: null, delivered: 0 });
        conversation.reads.clear();
      }
      this.#store.changed();
    }
  }

  /** @param {any} presence */
  #presence({ group, user, name, state, count }) {
    const conversation = this.#store.conversations.get(group);
    if (!conversation) {
      return;
    }
    this.#store.directory.learn(user, name, state === "left" ? Date.now() : undefined);
    if (!user) {
      conversation.onlineCount = count;
    } else if (state === "left") {
      conversation.online.delete(user);
      conversation.typing.delete(user);
      conversation.lastSeen = Date.now();
    } else {
      conversation.online.set(user, { user, name });
    }
    if (user) {
      conversation.onlineCount = conversation.online.size;
    }
    if (this.#live && user && state !== "updated" && this.#store.current === conversation) {
      conversation.passing = { text: t(state === "joined" ? "status.here" : "status.away", { name }), until: Date.now() + 4_000 };
    }
    this.#store.changedSoon();
  }

  /** @param {any} typing */
  #typing({ to, user, name, active }) {
    const conversation = this.#store.conversations.get(to.group);
    if (conversation && user !== this.#store.me.id) {
      this.#store.directory.learn(user, name);
      conversation.setTyping(user, name, active, Date.now());
      this.#store.changedSoon();
    }
  }

  /** @param {any} receipt */
  #receipt({ channel, user, seq, delivered, unread = 0, mentions = 0 }) {
    const conversation = this.#store.conversations.get(channel.slice(6));
    if (!conversation) {
      return;
    }
    if (user !== this.#store.me.id) {
      conversation.reads.set(user, Math.max(conversation.reads.get(user) || 0, seq));
      conversation.delivered = Math.max(conversation.delivered, delivered || 0);
    } else if (seq > conversation.readSeq) {
      Object.assign(conversation, { readSeq: seq, unread, mentions }); // Read on another device.
    }
    this.#store.changedSoon();
  }

  /** @param {any} settings */
  #settings({ group, value }) {
    const conversation = this.#store.conversations.get(group);
    if (conversation) {
      conversation.settings = value || {};
      this.#store.changedSoon();
    }
  }

  /** @param {any} membership */
  #membership({ group, state, role, seq }) {
    const store = this.#store;
    if (state === "removed") {
      const gone = store.conversations.get(group);
      if (gone && store.conversations.delete(group)) {
        store.toast(t("error.gone", { name: gone.title(store.directory) }));
      }
    } else {
      const fresh = !store.conversations.has(group);
      const conversation = store.conversation(group);
      conversation.role = role || conversation.role;
      if (fresh) {
        conversation.readSeq = conversation.other ? 0 : seq;
        this.#history.overview(group).catch(() => {});
        this.#history.people(conversation);
      }
    }
    store.changed();
  }
}
