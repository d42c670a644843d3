// @ts-check
import { LOBBY } from "./names.js";
import { textOf } from "./timeline.js";

/** @typedef {import("/client/parley.js").Parley} Parley */

/** Takes what the hub tells into the store. */
export class Incoming {
  #store;
  #history;
  #enterLobby;
  /** Whether what comes is news, rather than what was missed. */
  #live = false;

  /**
   * @param {Parley} parley
   * @param {import("./store.js").Store} store
   * @param {import("./history.js").History} history
   * @param {() => void} enterLobby called when this user does not belong to the lobby yet
   */
  constructor(parley, store, history, enterLobby) {
    this.#store = store;
    this.#history = history;
    this.#enterLobby = enterLobby;
    parley.on("state", (change) => this.#state(change));
    parley.on("message", (message) => this.#message(message));
    parley.on("gap", (gap) => this.#gap(gap));
    parley.on("presence", (presence) => this.#presence(presence));
    parley.on("typing", (typing) => this.#typing(typing));
    parley.on("receipt", (receipt) => this.#receipt(receipt));
    parley.on("membership", (membership) => this.#membership(membership));
    parley.on("synced", () => (this.#live = true));
  }

  /** @param {import("/client/parley.js").StateChange} change */
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

  /** @param {import("/client/parley.js").Welcome} welcome */
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
      this.#history.open(conversation);
      this.#history.people(conversation);
    }
    if (!groups.has(LOBBY)) {
      this.#enterLobby();
    }
  }

  /**
   * Left elsewhere or removed while away, or the hub has lost all it kept. What somebody wrote may not be lost with it,
   * and to the lobby one comes back.
   * @param {import("./conversation.js").Conversation} conversation
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
      store.toast(textOf(message.data), "info", `${from.name || from.service} to ${channel === "all" ? "everyone" : "you"}`);
    }
    store.changed();
  }

  /** @param {import("./conversation.js").Conversation} conversation @param {any} message */
  #entry(conversation, message) {
    const { from } = message;
    const entry = message.seq === undefined ? null : conversation.timeline.add(message);
    if (!entry) {
      return;
    }
    conversation.note(entry);
    if (entry.kind === "membership") {
      return;
    }
    conversation.typing.delete(from.user);
    if (this.#store.current !== conversation) {
      conversation.timeline.trim();
    } else if (!document.hasFocus() && conversation.unread === 1) {
      conversation.newSince = { generation: entry.generation, seq: entry.seq - 1 };
    }
    if (this.#live && entry.author.id !== this.#store.me.id) {
      const where = this.#store.current === conversation ? "" : `, in ${conversation.title(this.#store.directory)}`;
      this.#store.announce(`${entry.author.name}${where}: ${entry.text.slice(0, 200)}`);
    }
  }

  /** @param {any} gap */
  #gap(gap) {
    const conversation = this.#store.conversations.get(gap.channel.slice(6));
    if (conversation) {
      conversation.timeline.addGap(gap);
      if (gap.reason === "epoch") {
        conversation.readSeq = 0;
        conversation.newSince = null;
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
    this.#store.directory.learn(user, name);
    if (!user) {
      conversation.onlineCount = count;
    } else if (state === "left") {
      conversation.online.delete(user);
      conversation.typing.delete(user);
    } else {
      conversation.online.set(user, { user, name });
    }
    if (user) {
      conversation.onlineCount = conversation.online.size;
    }
    if (this.#live && user && state !== "updated" && this.#store.current === conversation) {
      conversation.passing = { text: state === "joined" ? `${name} is here` : `${name} went away`, until: Date.now() + 4_000 };
    }
    this.#store.changed();
  }

  /** @param {any} typing */
  #typing({ to, user, name, active }) {
    const conversation = this.#store.conversations.get(to.group);
    if (conversation && user !== this.#store.me.id) {
      this.#store.directory.learn(user, name);
      conversation.setTyping(user, name, active, Date.now());
      this.#store.changed();
    }
  }

  /** @param {any} receipt */
  #receipt({ channel, user, seq }) {
    const conversation = this.#store.conversations.get(channel.slice(6));
    if (!conversation) {
      return;
    }
    if (user === this.#store.me.id) {
      conversation.readSeq = Math.max(conversation.readSeq, seq); // Read on another device.
    } else {
      conversation.reads.set(user, Math.max(conversation.reads.get(user) || 0, seq));
    }
    this.#store.changed();
  }

  /** @param {any} membership */
  #membership({ group, state, role, seq }) {
    const store = this.#store;
    if (state === "removed") {
      const gone = store.conversations.get(group);
      if (gone && store.conversations.delete(group)) {
        store.toast(`You are no longer in ${gone.title(store.directory)}.`);
      }
    } else {
      const fresh = !store.conversations.has(group);
      const conversation = store.conversation(group);
      conversation.role = role || conversation.role;
      if (fresh && !conversation.other) {
        conversation.readSeq = seq;
      }
      this.#history.open(conversation);
      this.#history.people(conversation);
    }
    store.changed();
  }
}
