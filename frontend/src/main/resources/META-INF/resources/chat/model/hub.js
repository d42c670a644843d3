// @ts-check
import { Parley } from "/client/parley.js";
import { inWords } from "./errors.js";
import { Incoming } from "./incoming.js";
import { History } from "./history.js";
import { directGroup, LOBBY } from "./names.js";
import { Sending } from "./sending.js";

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
    this.#store = store;
    this.#parley = new Parley(url, { getToken, client: { name: "parley-chat", version: "1" } });
    this.#history = new History(this.#parley, store);
    this.#sending = new Sending(this.#parley, store);
    new Incoming(this.#parley, store, this.#history, () => this.#enterLobby());
  }

  start() {
    this.#parley.connect().catch(() => {}); // The banner tells, from the state.
  }

  stop() {
    this.#parley.disconnect();
  }

  /** Tries now, whatever pause was planned. */
  tryNow() {
    this.start();
  }

  /** @param {string | null} group */
  select(group) {
    const store = this.#store;
    if (store.selected !== group) {
      if (store.current) {
        store.current.newSince = null;
      }
      store.selected = group;
    }
    const { current } = store;
    if (current) {
      const { timeline, readSeq, unread } = current;
      current.newSince = unread ? { generation: timeline.generation, seq: readSeq } : null;
      this.#history.open(current);
      this.#history.people(current);
    }
    store.changed();
  }

  /** @param {Conversation} conversation @param {string} text */
  send(conversation, text) {
    this.#typedAt = 0;
    this.#sending.send(conversation, text);
  }

  /** @param {Conversation} conversation @param {Entry} entry */
  retry(conversation, entry) {
    this.#sending.retry(conversation, entry);
  }

  /** @param {Conversation} conversation @param {Entry} entry */
  discard(conversation, entry) {
    this.#sending.discard(conversation, entry);
  }

  /** @param {Conversation} conversation */
  loadOlder(conversation) {
    return this.#history.older(conversation);
  }

  /** @param {Conversation} conversation */
  reload(conversation) {
    return this.#history.open(conversation);
  }

  /** Creates the group, or joins the one that is there. @param {string} group @returns {Promise<Conversation>} */
  async join(group) {
    const ack = await this.#parley.join(group);
    const conversation = this.#store.conversation(group);
    const fresh = conversation.loaded === "no";
    conversation.role = ack.role || "member";
    if (fresh && !conversation.other) {
      conversation.readSeq = ack.seq; // What was said before one came is no news.
    }
    this.#store.changed();
    this.#history.open(conversation);
    this.#history.people(conversation);
    return conversation;
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
    conversation.readSeq = head;
    this.#store.changed();
    if (!this.#readingSoon.has(conversation)) {
      this.#readingSoon.add(conversation);
      setTimeout(() => {
        this.#readingSoon.delete(conversation);
        this.#parley.read(conversation.channel, conversation.readSeq).catch(() => {}); // The next reading says more.
      }, READ_EACH);
    }
  }

  async #enterLobby() {
    this.#store.entering = true;
    try {
      await this.join(LOBBY);
    } catch (error) {
      if (/** @type {any} */ (error).code !== "disconnected") {
        this.#store.toast(inWords(error), "error", "The lobby could not be joined");
      }
    }
    this.#store.entering = false;
    this.#store.changed();
  }
}
