// @ts-check
/** Brings pages of the past into conversations. */

const PAGE = 50;

/** @typedef {import("./conversation.js").Conversation} Conversation */

export class History {
  #parley;
  #store;

  /** @param {import("/client/parley.js").Parley} parley @param {import("./store.js").Store} store */
  constructor(parley, store) {
    this.#parley = parley;
    this.#store = store;
  }

  /** The newest page and who is here. @param {Conversation} conversation */
  async open(conversation) {
    if (conversation.loaded === "yes" || conversation.loaded === "loading") {
      return;
    }
    conversation.loaded = "loading";
    this.#store.changed();
    try {
      const page = await this.#parley.history(conversation.channel, { limit: PAGE });
      this.#take(conversation, page);
      conversation.loaded = "yes";
    } catch {
      conversation.loaded = "failed";
    }
    this.#store.changed();
  }

  /** The page before what is known. @param {Conversation} conversation @returns {Promise<void>} */
  async older(conversation) {
    const { timeline } = conversation;
    if (conversation.loadingOlder || !timeline.more || timeline.before === undefined) {
      return;
    }
    conversation.loadingOlder = true;
    this.#store.changed();
    try {
      this.#take(conversation, await this.#parley.history(conversation.channel, { before: timeline.before, limit: PAGE }));
    } catch {
      // Scrolling up asks again.
    }
    conversation.loadingOlder = false;
    this.#store.changed();
  }

  /** @param {Conversation} conversation */
  async people(conversation) {
    try {
      const { users, count } = await this.#parley.presence(conversation.group);
      conversation.online = new Map(users.map(({ user, name }) => [user, { user, name }]));
      conversation.onlineCount = count;
      users.forEach(({ user, name }) => this.#store.directory.learn(user, name));
      this.#store.changed();
    } catch {
      // Asked again at the next opening or reconnect.
    }
  }

  /** @param {Conversation} conversation @param {{messages: any[], more: boolean}} page */
  #take(conversation, { messages, more }) {
    const { timeline } = conversation;
    for (const message of messages) {
      const entry = timeline.add(message);
      if (entry) {
        conversation.note(entry);
        this.#store.directory.learnFrom(message);
      }
    }
    timeline.more = more;
  }
}
